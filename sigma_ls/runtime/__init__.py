"""What the edge needs of the machine: time, threads, places."""
