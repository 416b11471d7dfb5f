// SPDX-License-Identifier: EUPL-1.2

// Package e2e tells the stories of the people who use the pages, in Debian's Chromium
// against the whole daemon: its tests are all there is to it. It is a module of its own,
// so that what drives the browser is no dependency of the product.
//
// A story starts an office, opens tabs in it and does what a person would do:
//
//	o := startOffice(t, "small.yaml")          // a Monday at 10:00, paper in the printer
//	kiosk := o.tab(t, "kiosk-1", "/kiosk")     // a browser that belongs to an access; "": nobody's
//	kiosk.click(`[data-service="payments"]`)   // waits until it is there and can be seen
//	kiosk.await("h1", "P01")                   // waits until an element's text has this
//	kiosk.look()                               // axe, target sizes, overflow, contrast
//
// A story that mostly waits runs beside others (t.Parallel); one that types keys or measures runs alone.
//
// A word on the console that a page should not say, such as a breach of its content
// security policy, fails the story.
package e2e
