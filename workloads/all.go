package workloads

import (
	"fmt"
	"strings"
)

// All lists the workloads. To add one, write one file and one line here.
var All = []Workload{
	Hash,
	Spin,
	Matrix,
	Counters,
	Sleep,
	HTTP,
	File,
	Database,
	Mandelbrot,
	Stream,
	Alloc,
	RWMap,
	TLS,
	Zip,
	Sort,
	JSON,
	Connections,
	KV,
}

// Find returns the workload of that name. The error for an unknown name
// lists the known ones.
func Find(name string) (Workload, error) {
	w, err := find(name)
	if err != nil {
		err = fmt.Errorf("workloads: %w", err)
	}
	return w, err
}

func find(name string) (Workload, error) {
	var known []string
	for _, w := range All {
		if w.Name == name {
			return w, nil
		}
		known = append(known, w.Name)
	}
	return Workload{}, fmt.Errorf("unknown workload %q: want one of %s", name, strings.Join(known, ", "))
}
