"""What a property says in the end: what is accepted, which dialect is spoken, and how a test is settled."""
