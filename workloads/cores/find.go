package cores

import (
	"fmt"
	"strings"
)

// Find returns the model of that name. The error for an unknown name lists
// the known ones.
func Find(name string) (Model, error) {
	var known []string
	for _, m := range All {
		if m.Name == name {
			return m, nil
		}
		known = append(known, m.Name)
	}
	return Model{}, fmt.Errorf("cores: unknown model %q: want one of %s", name, strings.Join(known, ", "))
}
