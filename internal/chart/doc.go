// SPDX-License-Identifier: EUPL-1.2

// Package chart draws what managers read as SVG: heat maps of the week, bands over the day
// and bars. A drawing has a title and a description for those who do not see it, and no
// colour of its own: its parts have classes that static/chart.css of package report gives light and dark
// colours, so that it also prints. Beside each drawing the page has a table with the same
// figures; a drawing is never the only place where a figure stands.
//
// All texts are the caller's, in the reader's language; they are escaped here.
package chart
