"""What people do: enter and leave, open a workspace, invite, ask, and give keys. One module for each noun."""
