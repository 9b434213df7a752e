"""What tests need besides the portal: devices, servers, other programs."""
