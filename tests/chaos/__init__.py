"""Real faults against real processes, a real Redis and real connections, and what people notice of them."""
