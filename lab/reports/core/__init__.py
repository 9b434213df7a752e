"""What every kind of printed document shares: laying out a snapshot in a process of its own."""
