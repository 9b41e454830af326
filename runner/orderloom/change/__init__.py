"""What a change of a flow, a table or a node would do, told before it is made: scenarios."""
