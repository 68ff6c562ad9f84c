package remote

import "testing"

// The node with the most room gets a range; not the one that had it and did not answer, unless
// there is no other.
func TestChoose(t *testing.T) {
	for _, tt := range []struct {
		name      string
		room      map[int]int
		had, want int
	}{
		{"nobody is there", nil, 0, 0},
		{"most room", map[int]int{1: 1, 2: 3, 3: 2}, 0, 2},
		{"the first of equal ones", map[int]int{3: 2, 2: 2}, 0, 2},
		{"nobody has room", map[int]int{1: 0, 2: -1}, 0, 0},
		{"another one than had it", map[int]int{1: 4, 2: 1}, 1, 2},
		{"it waits for the other one", map[int]int{1: 4, 2: 0}, 1, 0},
		{"the only one has it again", map[int]int{1: 4}, 1, 1},
		{"who had it is gone", map[int]int{2: 1}, 1, 2},
	} {
		if got := choose(tt.room, tt.had); got != tt.want {
			t.Errorf("%s: node %d, want %d", tt.name, got, tt.want)
		}
	}
}
