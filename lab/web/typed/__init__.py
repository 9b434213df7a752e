"""What people type: text, numbers and dates, cleaned or refused in Chinese. Pure."""
