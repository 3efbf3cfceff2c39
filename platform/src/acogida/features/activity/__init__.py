"""What happened in a workspace, as sentences, and the tasks that could not be done."""
