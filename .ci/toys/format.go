package read

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Toy is a list of "workers seconds" under a first line that says TOY.
var Toy = Format{
	Name:  "toy list",
	Doc:   "lines of workers and seconds, under a line that says TOY",
	Sniff: func(head []byte, _ string) bool { return bytes.HasPrefix(head, []byte("TOY\n")) },
	Read: func(in *input) error {
		text, err := io.ReadAll(in.text.r)
		if err != nil {
			return fmt.Errorf("%s: %w", in.name, err)
		}
		for k, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			var n, seconds float64
			if _, err := fmt.Sscan(line, &n, &seconds); err != nil {
				in.complain(k+2, line, "want workers and seconds")
				continue
			}
			in.add(label{series: "toy", x: "workers", workers: n}, k+2, &Measurement{Time: seconds, Tasks: 1})
		}
		return nil
	},
}
