"""How a framework is called: its adapter found, its functions run, its optimizers stepped."""
