"""No key is in anything that tests leave or show: each test is searched at its end, and then the whole run."""
