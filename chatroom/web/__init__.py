"""HTTP and WebSocket: pages, settings, the server."""
