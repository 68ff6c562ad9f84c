package pools_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"amdahl/pools"
	"amdahl/pools/pooltest"
)

func TestMain(m *testing.M) {
	pools.ServeIfWorker(pools.Role{Name: pools.TaskRole, Tasks: pooltest.Tasks})
	os.Exit(m.Run())
}

func TestContract(t *testing.T) {
	for _, s := range pools.All {
		t.Run("strategy="+s.Name, func(t *testing.T) {
			pooltest.Contract(t, s, func(strategy string, workers, n, run int) (least, most int) {
				together := pools.Together(strategy, workers, n, run)
				return together, together
			})
		})
	}
}

func TestFind(t *testing.T) {
	var names []string
	for _, s := range pools.All {
		names = append(names, s.Name)
		if got, err := pools.Find(s.Name); err != nil || got.Name != s.Name || got.Doc == "" {
			t.Errorf("Find(%q) = %q, %v", s.Name, got.Name, err)
		}
	}
	_, err := pools.Find("magic")
	if got, want := fmt.Sprint(err), `pools: no strategy "magic": have `+strings.Join(names, ", "); got != want {
		t.Errorf("Find: %s, want %s", got, want)
	}
}
