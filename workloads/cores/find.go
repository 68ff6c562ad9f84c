package cores

import (
	"fmt"
	"strconv"
	"strings"
)

// Find returns the model of that name; slow32 and the like are [SlowBy],
// slow16+big4 [WithBig], hm-asym-4 [HillMarty]. The
// error for an unknown name lists the known ones.
func Find(name string) (Model, error) {
	if m, ok, err := findChip(name); ok {
		if err != nil {
			return Model{}, err
		}
		return m, nil
	}
	if digits, ok := strings.CutPrefix(name, "slow"); ok {
		k, err := strconv.Atoi(digits)
		if err != nil || k < 2 || k > mostSlowdown || strconv.Itoa(k) != digits {
			return Model{}, fmt.Errorf("cores: %q: write slow and how many times slower, 2 to %d, as in slow32", name, mostSlowdown)
		}
		return SlowBy(k), nil
	}
	var known []string
	for _, m := range All {
		if m.Name == name {
			return m, nil
		}
		known = append(known, m.Name)
	}
	return Model{}, fmt.Errorf("cores: unknown model %q: want one of %s", name, strings.Join(known, ", "))
}
