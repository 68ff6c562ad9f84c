package laws

// Ideal is perfect scaling. It has no parameter but T(1), in seconds per
// task, and so serves as a yardstick: it is Amdahl's law with σ = 0 and
// Gustafson's with s = 0.
var Ideal = &Law{
	Name:    "ideal",
	Title:   "Ideal scaling",
	Formula: "T(n) = T(1)/n",
	Doc:     "n workers take an n-th of the time",
	Source:  "the definition of linear speedup",
	Levels:  2,
}
