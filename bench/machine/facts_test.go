package machine

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// files is a root file system with these texts.
func files(texts map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range texts {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

// with is the union of maps, the later ones first.
func with(maps ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, m := range maps {
		for k, v := range m {
			all[k] = v
		}
	}
	return all
}

const cpuDirs = "sys/devices/system/cpu/"

// A laptop: four processors on two cores, three of them allowed.
var laptop = map[string]string{
	"proc/self/status":                                       "Name:\tx\nCpus_allowed:\t7\nCpus_allowed_list:\t0-2\n",
	"proc/self/cgroup":                                       "0::/user.slice\n",
	"proc/cpuinfo":                                           "processor\t: 0\nflags\t\t: fpu vme sse\n",
	"proc/stat":                                              "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 60 0 30 1000 50 4 6 0 0 0\ncpu1 50 10 10 0 0 0 0 20 0 0\ncpu2 0 0 10 0 0 0 0 0 0 0\ncpu3 1 1 1 1 1 1 1 1 0 0\nintr 5\n",
	"proc/loadavg":                                           "0.52 0.40 0.30 1/400 12345\n",
	"proc/pressure/cpu":                                      "some avg10=1.25 avg60=0.57 avg300=3.28 total=2500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
	cpuDirs + "online":                                       "0-3\n",
	cpuDirs + "cpu0/topology/core_cpus_list":                 "0,2\n",
	cpuDirs + "cpu1/topology/core_cpus_list":                 "1,3\n",
	cpuDirs + "cpu2/topology/core_cpus_list":                 "0,2\n",
	cpuDirs + "cpu3/topology/core_cpus_list":                 "1,3\n",
	cpuDirs + "cpu0/cpufreq/scaling_governor":                "powersave\n",
	cpuDirs + "cpu1/cpufreq/scaling_governor":                "performance\n",
	cpuDirs + "cpu2/cpufreq/scaling_governor":                "powersave\n",
	cpuDirs + "intel_pstate/no_turbo":                        "0\n",
	cpuDirs + "cpu0/thermal_throttle/core_throttle_count":    "3\n",
	cpuDirs + "cpu0/thermal_throttle/package_throttle_count": "5\n",
	cpuDirs + "cpu1/thermal_throttle/core_throttle_count":    "4\n",
	cpuDirs + "cpu1/thermal_throttle/package_throttle_count": "5\n",
	"sys/class/dmi/id/sys_vendor":                            "LENOVO\n",
}

func TestRead(t *testing.T) {
	yes, none := true, 0.0
	want := Facts{
		Allowed: 3, AllowedList: "0-2", Online: 4, Physical: 2, ThreadsPerCore: 2, Siblings: &yes, OnePerCore: "0-1",
		Quota: &none, Governor: "performance, powersave", VM: "none", Container: "none",
		Turbo: &Turbo{On: true, Off: "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"},
	}
	got := read(files(laptop))
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("a laptop: -want +got\n%s", d)
	}
	settings := []Setting{
		{"cpu-count", "3"}, {"cpu-physical-count", "2"}, {"cpu-online-count", "4"}, {"cpu-allowed", "0-2"}, {"cpu-quota", "none"},
		{"cpu-threads-per-core", "2"}, {"cpu-smt", "yes"}, {"cpu-governor", "performance, powersave"}, {"cpu-turbo", "on"},
		{"vm", "none"}, {"container", "none"},
	}
	if d := cmp.Diff(settings, got.Settings()); d != "" {
		t.Errorf("its lines: -want +got\n%s", d)
	}
}

// Nothing is made up where nothing can be read.
func TestReadNothing(t *testing.T) {
	got := read(files(nil))
	if got.Allowed < 1 {
		t.Errorf("%d allowed, want at least 1", got.Allowed)
	}
	got.Allowed = 2
	want := Facts{Allowed: 2, Unknown: []Unknown{
		{"affinity", "/proc/self/status is not there"},
		{"online", "/sys/devices/system/cpu/online is not there"},
		{"quota", "/proc/self/cgroup is not there"},
		{"governor", "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor is not there"},
		{"turbo", "/sys/devices/system/cpu/cpufreq/boost is not there"},
		{"virtual", "/proc/cpuinfo is not there"},
		{"container", "/proc/self/cgroup is not there"},
	}}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	if d := cmp.Diff([]Setting{{"cpu-count", "2"}}, got.Settings()); d != "" {
		t.Errorf("its lines: -want +got\n%s", d)
	}
	if got := read(nowhere{}).Unknown[0]; got.Why != "known on Linux only" {
		t.Errorf("got %q, want known on Linux only", got.Why)
	}
}

func TestSMT(t *testing.T) {
	const old = "topology/thread_siblings_list"
	for _, tt := range []struct {
		name       string
		allowed    string
		files      map[string]string
		threads    int
		siblings   string
		onePerCore string
		why        string
	}{
		{"one thread a core", "0-1", map[string]string{"cpu0/" + old: "0", "cpu1/" + old: "1"}, 1, "no", "0-1", ""},
		{"siblings", "0-1", map[string]string{"cpu0/" + old: "0-1", "cpu1/" + old: "0-1"}, 2, "yes", "0", ""},
		{"one of two siblings allowed", "1", map[string]string{"cpu0/" + old: "0-1", "cpu1/" + old: "0-1"}, 2, "no", "1", ""},
		{"a hidden topology", "0-1", nil, 0, "", "", "/sys/devices/system/cpu/cpu0/topology/thread_siblings_list is not there"},
		{"nonsense", "0-1", map[string]string{"cpu0/" + old: "0-x"}, 0, "", "", `"0-x" is no list of processors`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			all := map[string]string{"proc/self/status": "Cpus_allowed_list:\t" + tt.allowed + "\n", cpuDirs + "online": "0-1\n"}
			for name, text := range tt.files {
				all[cpuDirs+name] = text
			}
			f := read(files(all))
			siblings := ""
			if f.Siblings != nil {
				siblings = yesNo(*f.Siblings, "yes", "no")
			}
			if f.ThreadsPerCore != tt.threads || siblings != tt.siblings || f.OnePerCore != tt.onePerCore {
				t.Errorf("got %d threads, siblings %q, one of each %q, want %d, %q, %q", f.ThreadsPerCore, siblings, f.OnePerCore, tt.threads, tt.siblings, tt.onePerCore)
			}
			if u, ok := unknown(f.Unknown, "SMT"); ok != (tt.why != "") || u.Found != tt.why {
				t.Errorf("unknown because %q, want %q", u.Found, tt.why)
			}
		})
	}
}

func TestLists(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"0", "0"}, {"0-3", "0-3"}, {"0-1,4,6-7\n", "0-1,4,6-7"}, {"3,1,2,2", "1-3"},
		{"", "bad"}, {"a", "bad"}, {"3-1", "bad"}, {"-1", "bad"}, {"0-99999999", "bad"}, {"1,,2", "bad"},
	} {
		list, err := parseList(tt.in)
		got := listText(list)
		if err != nil {
			got = "bad"
		}
		if got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestFrequency(t *testing.T) {
	boost := "sys/devices/system/cpu/cpufreq/boost"
	pstate := "sys/devices/system/cpu/intel_pstate/no_turbo"
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  *Turbo
	}{
		{"intel, on", map[string]string{pstate: "0\n"}, &Turbo{true, "echo 1 | sudo tee /" + pstate}},
		{"intel, off", map[string]string{pstate: "1\n"}, &Turbo{false, "echo 1 | sudo tee /" + pstate}},
		{"cpufreq, on", map[string]string{boost: "1\n"}, &Turbo{true, "echo 0 | sudo tee /" + boost}},
		{"cpufreq, off", map[string]string{boost: "0\n"}, &Turbo{false, "echo 0 | sudo tee /" + boost}},
		{"neither", nil, nil},
	} {
		got, err := turbo(files(tt.files))
		if d := cmp.Diff(tt.want, got); d != "" || (err == nil) != (tt.want != nil) {
			t.Errorf("%s: error %v, -want +got\n%s", tt.name, err, d)
		}
	}
}

func TestVirtual(t *testing.T) {
	const dmi, clocks = "sys/class/dmi/id/", "sys/devices/system/clocksource/clocksource0/available_clocksource"
	guest := map[string]string{"proc/cpuinfo": "flags\t: fpu hypervisor sse\n"}
	arm := map[string]string{"proc/cpuinfo": "Features\t: fp asimd\n"}
	for _, tt := range []struct {
		name  string
		files map[string]string
		want  string // "" is unknown
	}{
		{"bare metal of a cloud", map[string]string{"proc/cpuinfo": "flags\t: fpu\n", dmi + "sys_vendor": "Amazon EC2\n"}, "none"},
		{"nobody says which", guest, "yes"},
		{"by its clock", with(guest, map[string]string{clocks: "tsc kvm-clock acpi_pm \n"}), "kvm"},
		{"QEMU", with(guest, map[string]string{dmi + "sys_vendor": "QEMU\n"}), "kvm"},
		{"VMware", with(guest, map[string]string{dmi + "product_name": "VMware Virtual Platform\n"}), "vmware"},
		{"Hyper-V", with(guest, map[string]string{dmi + "sys_vendor": "Microsoft Corporation\n", dmi + "product_name": "Virtual Machine\n"}), "hyperv"},
		{"WSL", with(guest, map[string]string{"proc/sys/kernel/osrelease": "5.15.0-microsoft-standard-WSL2\n", clocks: "hyperv_clocksource_tsc_page\n"}), "wsl"},
		{"Xen", map[string]string{"sys/hypervisor/type": "xen\n"}, "xen"},
		{"arm, on QEMU", with(arm, map[string]string{dmi + "sys_vendor": "QEMU\n"}), "kvm"},
		{"arm, by its device tree", with(arm, map[string]string{"proc/device-tree/hypervisor/compatible": "linux,kvm\x00"}), "kvm"},
		{"arm, a server", with(arm, map[string]string{dmi + "sys_vendor": "Ampere\n"}), "none"},
		{"arm, silent", arm, ""},
	} {
		if got, err := hypervisor(files(tt.files)); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s: got %q, %v, want %q", tt.name, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		files map[string]string
		want  string
	}{
		{map[string]string{".dockerenv": "", "proc/self/cgroup": "0::/\n"}, "docker"},
		{map[string]string{"run/.containerenv": "", "proc/self/cgroup": "0::/\n"}, "podman"},
		{map[string]string{"run/systemd/container": "lxc\n"}, "lxc"},
		{map[string]string{"proc/self/cgroup": "1:cpu:/kubepods/burstable/pod1\n"}, "kubernetes"},
		{map[string]string{"proc/self/cgroup": "0::/user.slice\n"}, "none"},
		{nil, ""},
	} {
		if got, err := container(files(tt.files)); got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%v: got %q, %v, want %q", tt.files, got, err, tt.want)
		}
	}
}

func TestFileSystem(t *testing.T) {
	const mounts = `27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
25 24 0:23 / /tmp rw shared:3 - tmpfs tmpfs rw
31 27 0:30 / /mnt/my\040disk rw - xfs /dev/sdb rw
32 27 0:31 / /mnt/covered rw - ext4 /dev/sdc rw
33 27 0:32 / /mnt/covered rw - nfs4 host:/x rw
nonsense
`
	for _, tt := range []struct{ dir, want string }{
		{"/home/me", "ext4"}, {"/tmp", "tmpfs"}, {"/tmp/a/b", "tmpfs"}, {"/tmpfiles", "ext4"}, {"/mnt/my disk/x", "xfs"}, {"/mnt/covered", "nfs4"}, {"/", "ext4"},
	} {
		if got, err := fileSystem(files(map[string]string{"proc/self/mountinfo": mounts}), tt.dir); got != tt.want || err != nil {
			t.Errorf("%s: got %q, %v, want %q", tt.dir, got, err, tt.want)
		}
	}
	if got, err := fileSystem(files(map[string]string{"proc/self/mountinfo": "\n"}), "/tmp"); err == nil {
		t.Errorf("got %q, want an error where nothing is mounted", got)
	}
}
