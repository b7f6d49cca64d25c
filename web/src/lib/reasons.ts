/** The engine says in plain English why a figure is incomplete or missing; here it is said in Chinese. What nobody translated stays as it is. */
const units: Record<string, string> = { values: '个数值', value: '个数值', days: '天', day: '天', months: '个月', month: '个月', hours: '小时', hour: '小时', items: '项', item: '项' }
const whole: Record<string, string> = {
  'no usable value': '没有可用数值',
  '< 0': '负值',
  'hours are missing in the days summed': '累计的各日缺小时值',
  'the register does not say which land it is': '登记册未注明土地类型',
  'no pH: limits of farm land depend on it': '缺 pH：农用地限值随 pH 而定',
  'electric or magnetic field is missing': '缺电场或磁场',
  'not weighted: the register lacks the length of a road': '未加权：登记册缺道路长度',
  'the strictest of several rows counts': '多行限值取最严',
}
const forms: readonly [RegExp, (found: RegExpMatchArray) => string][] = [
  [/^(.+): —$/, ([, what]) => `缺有效的 ${what!.split('+').join('、')}`],
  [/^(\d+)\/(\d+) d$/, ([, has, of]) => `${of} 天中有效 ${has} 天`],
  [/^(\d+)\/(\d+) h$/, ([, has, of]) => `有效 ${has} 小时，至少 ${of} 小时`],
  [/^8 h × <(\d+) \((\d+) h\)$/, ([, of, has]) => `8 小时滑动均值不足 ${of} 个（有效 ${has} 小时）`],
  [/^(\d+) whole hours of day, (\d+) of night$/, ([, day, night]) => `完整小时：昼间 ${day}，夜间 ${night}`],
  [/^(\d+) whole hours$/, ([, hours]) => `完整小时 ${hours} 个`],
  [/^(\d+) of (\d+) (\w+)$/, ([, has, of, unit]) => `${of} ${units[unit!] ?? unit}中有 ${has}`],
  [/^an index needs all its sub-indices; missing: (.+)$/, ([, what]) => `指数需要全部分指数，缺 ${what}`],
  [/^flag (\w+): no measurement$/, ([, flag]) => `标记 ${flag}：不是测量值`],
  [/^flag (\w+)$/, ([, flag]) => `标记 ${flag}`],
]

function one(text: string): string {
  const known = whole[text]
  if (known !== undefined) return known
  for (const [form, said] of forms) {
    const found = form.exec(text)
    if (found) return said(found)
  }
  return text
}

/** `pH: 1 of 6 values; DO: 1 of 6 values` and the like, each part by itself. */
export function reasonInChinese(reason: string): string {
  const sentence = one(reason)
  if (sentence !== reason) return sentence
  return reason
    .split('; ')
    .map((part) => {
      const named = /^([^:]+): (?!—$)(.+)$/.exec(part)
      if (whole[part] !== undefined || !named || one(part) !== part) return one(part)
      return `${named[1]}：${one(named[2]!)}`
    })
    .join('；')
}

/** `PM10: —` says in English that it is lacking; everything else is English already. */
export const reasonInEnglish = (reason: string): string => reason.replace(/^(.+): —$/, (_, what: string) => `no valid ${what.split('+').join(', ')}`)
