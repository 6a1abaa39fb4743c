// Sets, before the first paint, a remembered light or dark choice and the language. A file of its own, not inline, so that a
// strict CSP holds.
(function () {
  var root = document.documentElement;
  var languages = ['en', 'de', 'es', 'fr', 'ja', 'zh-Hans', 'ar'];
  var chosen = null;
  try {
    var theme = localStorage.getItem('wetink.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    chosen = localStorage.getItem('wetink.language');
  } catch (error) {
    // Storage is blocked: the system's preference and the browser's languages apply, which is the default anyway.
    void error;
  }
  // Chinese is the simplified one: people who ask for the traditional one get their next language.
  function ofTag(tag) {
    var parts = tag.toLowerCase().split('-');
    if (parts[0] === 'zh') return /hant|tw|hk|mo/.test(parts.slice(1).join(' ')) ? null : 'zh-Hans';
    return parts[0];
  }
  var wanted = (navigator.languages || [navigator.language]).map(ofTag);
  var found = [chosen].concat(wanted, 'en').find(function (one) {
    return languages.indexOf(one) >= 0;
  });
  root.lang = found;
  root.dir = found === 'ar' ? 'rtl' : 'ltr';
})();
