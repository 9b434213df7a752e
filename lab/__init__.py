"""The lab portal: the whole life of an innovation project, from call to closure."""
