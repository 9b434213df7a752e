"""From submission to approval, and corrections afterwards."""
