// Package view serves one page on a loopback address and follows the files that it
// is made of, so that a curve grows while it is measured.
//
//  1. [New] listens on a free port of 127.0.0.1. The address has a random token in
//     its path; who does not know that gets nothing.
//  2. [Server.Run] looks at the files several times a second and tells open pages,
//     by server-sent events, that they have changed; each asks for the page again.
//  3. The page is made when somebody asks for it, once for each state of the files,
//     by the function that the caller gives. That reads the files with [Server.Open],
//     which gives whole lines only: a line that is half written does no harm.
//
// Files are looked at (stat) instead of watched (inotify and its like): it works on
// every file system, also those of networks and containers, for files that do not
// exist yet and for files that are replaced, needs no library, and costs a few
// microseconds.
//
// Requests must name the address in Host; one with an Origin must come from there.
// So a page of another site that the reader has open cannot read the results, also
// if a name server gives it this address. All else is refused without a word why.
package view
