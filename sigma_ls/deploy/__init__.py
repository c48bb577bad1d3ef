"""The deployment life cycle: a pure state machine, what people see of it, and the ports to the world."""
