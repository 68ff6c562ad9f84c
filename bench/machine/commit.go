package machine

import (
	"os/exec"
	"strings"
)

// commit is the version of the code that is measured, with -dirty behind it
// where files differ from it, those of stored runs aside; "" outside a git
// checkout.
func commit() string {
	out, err := exec.Command("git", "rev-parse", "--short=12", "HEAD").Output()
	if err != nil {
		return ""
	}
	version := strings.TrimSpace(string(out))
	changed, err := exec.Command("git", "status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)results/runs").Output()
	if err != nil || len(changed) > 0 {
		version += "-dirty"
	}
	return version
}
