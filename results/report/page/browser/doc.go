// Package browser tests the script of the page in a real browser: it has no code
// of its own. It is a module of its own, so that nobody who uses amdahl requires a
// driver of browsers.
//
//	cd results/report/page/browser && go test .
//
// The tests start one Chromium without a window and skip, with a line that says so,
// where there is none. Every tab must stay silent: a message on the console, an
// error, or a request that a test did not name fails the test. AMDAHL_SCREENSHOTS
// names a folder for pictures, AMDAHL_CASES published data, AMDAHL_AXE the file
// axe.min.js of the package axe-core, with which pages are checked for people who
// cannot see or use a mouse.
package browser
