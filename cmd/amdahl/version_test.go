package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestFormatVersion(t *testing.T) {
	setting := func(key, value string) debug.BuildSetting { return debug.BuildSetting{Key: key, Value: value} }
	const revision = "0123456789abcdef0123456789abcdef01234567"
	system := " " + runtime.GOOS + "/" + runtime.GOARCH
	for _, tt := range []struct {
		name string
		info *debug.BuildInfo
		want string
	}{
		{"no build information", nil, "amdahl (devel), commit unknown, " + runtime.Version() + system},
		{"outside a repository", &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "(devel)"}}, "amdahl (devel), commit unknown, go1.26.0" + system},
		{"clean", &debug.BuildInfo{GoVersion: "go1.26.0", Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{setting("vcs.revision", revision), setting("vcs.modified", "false")}},
			"amdahl v1.2.3, commit 0123456789ab, go1.26.0" + system},
		{"dirty", &debug.BuildInfo{GoVersion: "go1.26.0", Settings: []debug.BuildSetting{setting("vcs.modified", "true"), setting("vcs.revision", revision)}},
			"amdahl (devel), commit 0123456789ab with uncommitted changes, go1.26.0" + system},
	} {
		if got := formatVersion(tt.info); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.name, got, tt.want)
		}
	}
}
