package machine

import (
	"errors"
	"io/fs"
	"strings"
)

// hypervisor is the kind of virtual machine, "yes" where only that it is one
// is known, "none" on a machine of its own.
func hypervisor(root fs.FS) (string, error) {
	if s, err := text(root, "sys/hypervisor/type"); err == nil && s != "" {
		return s, nil
	}
	info, err := text(root, "proc/cpuinfo")
	if err != nil {
		return "", err
	}
	flags := " " + line(info, "flags") + " "
	isX86 := strings.TrimSpace(flags) != ""
	if isX86 && !strings.Contains(flags, " hypervisor ") {
		return "none", nil
	}
	// On x86 the processor says that there is one, but not to us which; the
	// firmware, the clocks and the device tree may.
	var firmware string
	for _, file := range []string{"sys_vendor", "product_name", "board_vendor", "bios_vendor"} {
		s, _ := text(root, "sys/class/dmi/id/"+file)
		firmware += " " + s
	}
	release, _ := text(root, "proc/sys/kernel/osrelease")
	clocks, _ := text(root, "sys/devices/system/clocksource/clocksource0/available_clocksource")
	tree, _ := text(root, "proc/device-tree/hypervisor/compatible")
	for _, v := range []struct{ in, has, kind string }{
		{release, "microsoft", "wsl"},
		{firmware, "VMware", "vmware"},
		{firmware, "innotek GmbH", "virtualbox"},
		{firmware, "VirtualBox", "virtualbox"},
		{firmware, "Parallels", "parallels"},
		{firmware, "Apple Virtualization", "apple"},
		{firmware, "Virtual Machine", "hyperv"},
		{firmware, "Xen", "xen"},
		{firmware, "bhyve", "bhyve"},
		{firmware, "QEMU", "kvm"},
		{firmware, "KVM", "kvm"},
		{firmware, "Google Compute Engine", "kvm"},
		{clocks, "kvm-clock", "kvm"},
		{clocks, "hyperv", "hyperv"},
		{clocks, "xen", "xen"},
		{tree, "kvm", "kvm"},
		{tree, "xen", "xen"},
	} {
		if strings.Contains(strings.ToLower(v.in), strings.ToLower(v.has)) {
			return v.kind, nil
		}
	}
	switch {
	case isX86:
		return "yes", nil
	case strings.TrimSpace(firmware) != "":
		return "none", nil
	}
	return "", errors.New("neither the processor nor the firmware tells")
}

// container is the kind of container, "none" outside of one.
func container(root fs.FS) (string, error) {
	for _, mark := range []struct{ file, kind string }{{".dockerenv", "docker"}, {"run/.containerenv", "podman"}} {
		if _, err := fs.Stat(root, mark.file); err == nil {
			return mark.kind, nil
		}
	}
	if s, err := text(root, "run/systemd/container"); err == nil && s != "" {
		return s, nil
	}
	own, err := text(root, "proc/self/cgroup")
	if err != nil {
		return "", err
	}
	for _, v := range []struct{ has, kind string }{{"kubepods", "kubernetes"}, {"docker", "docker"}, {"libpod", "podman"}, {"containerd", "containerd"}, {"lxc", "lxc"}} {
		if strings.Contains(own, v.has) {
			return v.kind, nil
		}
	}
	return "none", nil
}

// line is the value of the first line of a file such as cpuinfo that begins
// with the key.
func line(s, key string) string {
	for l := range strings.Lines(s) {
		if k, v, ok := strings.Cut(l, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(v)
		}
	}
	return ""
}
