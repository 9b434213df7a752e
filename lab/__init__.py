"""The lab portal: the whole life cycle of an innovation project, from call to closure."""
