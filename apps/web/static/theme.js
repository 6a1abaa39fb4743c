// Applies a remembered light or dark choice before the first paint. A file of its own, not inline, so that a strict CSP holds.
try {
  var theme = localStorage.getItem('wetink.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch (error) {
  // Storage is blocked: the system's preference applies, which is the default anyway.
  void error;
}
