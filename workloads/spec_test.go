package workloads

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"amdahl/workloads/cores"
)

func TestSpec(t *testing.T) {
	for _, tt := range []struct {
		w    Workload
		o    Options
		want string
	}{
		{Hash, Options{}, "workload=hash/size=262144/seed=1"},
		{Hash, Options{Size: 4096, Seed: 1<<64 - 1}, "workload=hash/size=4096/seed=18446744073709551615"},
		{File, Options{Size: 1, Dir: "/tmp/a b=c%d"}, "workload=file/size=1/seed=1/dir=%2Ftmp%2Fa%20b%3Dc%25d"},
		{File, Options{Size: 1, Dir: "é\n\xff"}, "workload=file/size=1/seed=1/dir=%C3%A9%0A%FF"},
		{File, Options{Size: 1, Dir: `C:\t+m`}, "workload=file/size=1/seed=1/dir=C:%5Ct+m"},
		{HTTP, Options{Addr: "127.0.0.1:80"}, "workload=http/size=5000/seed=1/addr=127.0.0.1:80"},
		{Sleep, Options{Dir: "d", Addr: "[::1]:1", CoresName: "real"}, "workload=sleep/size=5000/seed=1/dir=d/addr=%5B::1%5D:1/cores=real"},
		{Counters, Options{Size: 1}, "workload=counter/size=1/seed=1/variant=line"},
		{Database, Options{Size: 1, Dir: "/tmp"}, "workload=database/size=1/seed=1/variant=sqlite/dir=%2Ftmp"},
		{Database, Options{Size: 1, Variant: "postgres", Dir: "amdahl_1", Addr: "host=h password='a b'"}, "workload=database/size=1/seed=1/variant=postgres/dir=amdahl_1/addr=host%3Dh%20password%3D%27a%20b%27"},
		{Hash, Options{Size: 1, Locked: 0.025, CoresName: "slow32", Procs: 16}, "workload=hash/size=1/seed=1/locked=0.025/cores=slow32/procs=16"},
	} {
		got := Spec(tt.w, tt.o)
		if got != tt.want {
			t.Errorf("Spec(%s, %+v) = %q, want %q", tt.w.Name, tt.o, got, tt.want)
		}
		want, _ := tt.w.settle(tt.o)
		w, o, err := ParseSpec(got)
		if err != nil || w.Name != tt.w.Name {
			t.Errorf("ParseSpec(%q) = %s, %v, want %s", got, w.Name, err, tt.w.Name)
		}
		if diff := cmp.Diff(want, o); diff != "" {
			t.Errorf("ParseSpec(%q): options (-want +got):\n%s", got, diff)
		}
	}
}

func TestParseSpecAnyOrder(t *testing.T) {
	w, o, err := ParseSpec("seed=3/cores=real/workload=sleep")
	if got, want := Spec(w, o), "workload=sleep/size=5000/seed=3/cores=real"; err != nil || got != want {
		t.Errorf("spec = %q, %v, want %q", got, err, want)
	}
}

func TestParseSpecErrors(t *testing.T) {
	for _, tt := range []struct{ spec, want string }{
		{"", `"" is not key=value`},
		{"hash", `"hash" is not key=value`},
		{"size=5", "workload= is missing: want workload=NAME/size=N/seed=N"},
		{"workload=hash/", `"" is not key=value`},
		{"workload=", "workload= has no value"},
		{"workload=nosuch", `unknown workload "nosuch": want one of ` + names()},
		{"workload=hash/colour=red", `unknown key "colour": want workload, size, seed, variant, locked, skew, dir, addr, cores or procs`},
		{"workload=hash/size=1/size=1", "size= is there twice"},
		{"workload=hash/size=x", "size=x: want a whole number of bytes, 1 to 1073741824"},
		{"workload=hash/size=0", "size=0: want a whole number of bytes"},
		{"workload=hash/size=1e6", "size=1e6: want a whole number of bytes"},
		{"workload=hash/size=99999999999999999999", "want a whole number of bytes"},
		{"workload=matrix/size=-1", "size -1 is out of range: want 1 to 2048 rows"},
		{"workload=matrix/size=2049", "size 2049 is out of range: want 1 to 2048 rows"},
		{"workload=hash/seed=0", "seed=0: want a whole number, 1 to"},
		{"workload=hash/seed=-1", "seed=-1: want a whole number"},
		{"workload=hash/dir=/tmp", "dir= has no value"},
		{"workload=hash/dir=a/b", `"b" is not key=value; inside a value write / as %2F`},
		{"workload=hash/dir=a=b", `"dir=a=b" has two =; inside a value write = as %3D`},
		{"workload=hash/dir=100%", `"dir=100%": invalid URL escape "%": write % as %25`},
		{"workload=hash/cores=abacus", `unknown model "abacus": want one of real, gil, slowK`},
		{"workload=hash/cores=slow", `"slow": write slow and how many times slower, 2 to 10000, as in slow32`},
		{"workload=hash/cores=slow1", `"slow1": write slow and how many times slower`},
		{"workload=hash/cores=slow032", `"slow032": write slow and how many times slower`},
		{"workload=hash/variant=blue", "variant=blue: this workload has one kind only"},
		{"workload=counter/variant=blue", `unknown variant "blue": want one of line, padded, atomic`},
		{"workload=hash/locked=0", "locked=0: want the share of every task that is under a lock"},
		{"workload=hash/locked=2", "locked=2: a fraction from 0 to 1 is needed"},
		{"workload=hash/locked=0.123456", "locked=0.123456: write a fraction with a denominator up to 1000"},
		{"workload=hash/procs=0", "procs=0: want a number of cores from 1"},
	} {
		w, o, err := ParseSpec(tt.spec)
		if err == nil || !strings.HasPrefix(err.Error(), "workloads: spec ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("ParseSpec(%q): error %v, want one with %q", tt.spec, err, tt.want)
		}
		if diff := cmp.Diff(Options{}, o); w.Name != "" || diff != "" {
			t.Errorf("ParseSpec(%q) = %q and options (-want +got):\n%s", tt.spec, w.Name, diff)
		}
		if job, oerr := Open(tt.spec); oerr == nil || err == nil || oerr.Error() != err.Error() || job != nil {
			t.Errorf("Open(%q) = %v, %v, want no job and the error %v", tt.spec, job, oerr, err)
		}
	}
}

// An address may hold a password, wherever the error is.
func TestParseSpecHidesTheAddress(t *testing.T) {
	const password = "hunter2"
	for _, tt := range []struct{ spec, want string }{
		{"workload=database/addr=postgres://u:hunter2@h/db", `spec "workload=database/addr=…": addr= or what follows cannot be read: inside a value write / as %2F`},
		{"workload=database/addr=host=h password=hunter2", "addr= or what follows cannot be read: .* = as %3D"},
		{"workload=database/addr=u:hunter2%@h", "addr= or what follows cannot be read: .* % as %25"},
		{"workload=database/addr=u/hunter2=x", "addr= or what follows cannot be read"},
		{"workload=database/addr=hunter2/addr=hunter2", "addr= is there twice"},
		{"addr=hunter2/workload=database/size=x", `spec "addr=…": size=x: want a whole number of bytes`},
	} {
		_, _, err := ParseSpec(tt.spec)
		wantError(t, tt.spec, err, tt.want)
		if err != nil && strings.Contains(err.Error(), password) {
			t.Errorf("error %v shows the password", err)
		}
	}
}

func TestOpen(t *testing.T) {
	job, err := Open("workload=sleep/size=1/cores=real")
	if err != nil {
		t.Fatal(err)
	}
	do(t, job, 0)
	if got := job.Counters()["slept-ns"]; got < 1000 {
		t.Errorf("slept-ns = %d, want at least 1000", got)
	}
	if err := job.Close(); err != nil {
		t.Error(err)
	}
	job, err = Open("workload=hash/size=1")
	if err != nil {
		t.Fatal(err)
	}
	defer job.Close()
	if got := job.Counters(); len(got) != 0 {
		t.Errorf("hash counts %v, want nothing", got)
	}
	_, err = Open("workload=http")
	wantError(t, "Open of what was not prepared", err, "^workloads: http: no address")
}

// Cores that a spec names live and die with its job.
func TestOpenOwnsItsCores(t *testing.T) {
	c, failed := &fakeCores{}, errors.New("cannot open")
	open := func() (cores.Cores, error) { return c, nil }
	defer func(all []cores.Model) { cores.All = all }(cores.All)
	cores.All = append(cores.All[:1:1],
		cores.Model{Name: "fake", Open: func(int) (cores.Cores, error) { return open() }})

	job, err := Open("workload=hash/size=1/cores=fake")
	if err != nil {
		t.Fatal(err)
	}
	do(t, job, 0)
	if c.sections != 1 || c.closed != 0 {
		t.Errorf("%d sections, %d closed, want 1 and 0", c.sections, c.closed)
	}
	if err := job.Close(); err != nil || c.closed != 1 {
		t.Errorf("Close: %v, %d closed, want 1", err, c.closed)
	}
	if _, err := Open("workload=http/cores=fake"); err == nil || c.closed != 2 {
		t.Errorf("job that does not open: %v, %d closed, want 2", err, c.closed)
	}
	open = func() (cores.Cores, error) { return nil, failed }
	if _, err := Open("workload=hash/cores=fake"); !errors.Is(err, failed) {
		t.Errorf("cores that do not open: error %v, want %v", err, failed)
	}
}

func FuzzParseSpec(f *testing.F) {
	for _, w := range All {
		f.Add(Spec(w, Options{}))
	}
	f.Add(Spec(File, Options{Dir: "/tmp/a b=c%d/é\xff", Addr: "[::1]:80", CoresName: "real"}))
	f.Add(Spec(Database, Options{Variant: "postgres", Addr: "postgres://u:p@h/d?x=y"}))
	f.Add("workload=hash/size=-1")
	f.Add("workload=hash/dir=%")
	f.Fuzz(func(t *testing.T, text string) {
		w, o, err := ParseSpec(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("the error is not one line: %q", err)
			}
			// Anything can still be the value of a key.
			w, o = Hash, Options{Size: 1, Seed: 1, Dir: text}
		}
		spec := Spec(w, o)
		w2, o2, err := ParseSpec(spec)
		if err != nil || w2.Name != w.Name {
			t.Fatalf("ParseSpec(%q) = %s, %v, want %s", spec, w2.Name, err, w.Name)
		}
		if diff := cmp.Diff(o, o2); diff != "" {
			t.Errorf("%q: options (-want +got):\n%s", spec, diff)
		}
		if strings.ContainsAny(spec, " \t\r\n") || Spec(w2, o2) != spec {
			t.Errorf("Spec = %q, then %q, want them equal and without spaces", spec, Spec(w2, o2))
		}
	})
}
