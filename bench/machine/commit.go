package machine

import (
	"os/exec"
	"strings"
)

// sources are the files of a package: one that is not in the commit makes a
// tree dirty. The results of a measurement, which often lie beside them, do not.
var sources = []string{":/*.go", ":/*.s", ":/*.c", ":/*.h", ":/*.py", ":/*go.mod", ":/*go.sum"}

// commit returns the version of the code that is measured, with "-dirty" after
// it if tracked files differ from it, those of stored runs aside, or if there
// are source files that are not tracked. It is "" outside a git checkout.
func commit() string {
	version, err := git("rev-parse", "--short=12", "HEAD")
	if err != nil {
		return ""
	}
	changed, err := git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)results/runs")
	added, err2 := git(append([]string{"ls-files", "--others", "--exclude-standard", "--"}, sources...)...)
	if err != nil || err2 != nil || changed != "" || added != "" {
		version += "-dirty"
	}
	return version
}

// git runs git in the current directory and returns what it prints.
func git(args ...string) (string, error) {
	out, err := exec.Command("git", args...).Output()
	return strings.TrimSpace(string(out)), err
}
