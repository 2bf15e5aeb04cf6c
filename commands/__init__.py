"""What `upstream` can be asked for: a command a function. Its code is imported only when it is called."""
