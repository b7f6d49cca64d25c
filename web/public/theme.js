try {
  if (localStorage.getItem('mingjian.theme') === '"dark"') document.documentElement.classList.add('dark')
} catch {
  // Storage may be forbidden; then the light theme stands.
}
