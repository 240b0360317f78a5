"""One calendar kept alike on two sides, by us and by others, as far as `bench planner` compares them."""
