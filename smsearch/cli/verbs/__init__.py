"""The verbs of the command, a module each, loaded when it is asked for."""
