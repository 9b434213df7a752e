"""Sign-in and sign-out, and the throttling of wrong passwords."""
