"""Rules of joint applications: whether the partner unit has confirmed."""
