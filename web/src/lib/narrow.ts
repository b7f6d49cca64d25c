import { readonly, ref } from 'vue'

const query = window.matchMedia('(max-width: 720px)')
const narrow = ref(query.matches)
query.addEventListener('change', (event) => {
  narrow.value = event.matches
})

/** True on a phone: tables become lists, columns become one. */
export const isNarrow = readonly(narrow)
