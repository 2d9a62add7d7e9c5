"""A sandbox world and a counter's day in it: how a newcomer sees the service work. Every person in it is made up."""
