"""`python -m chatroom`: the same as the command `chatroom`."""

from chatroom.web.cli import main

main()
