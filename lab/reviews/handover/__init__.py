"""What a handover finds of reviews: sheets are withdrawn unseen and assigned anew."""
