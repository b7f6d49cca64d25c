/** Words of the rule book. */
export const verificationZh = {
  verified: '已核实', third_party: '第三方转录', inferred: '推断', unverified: '未核实', unknown: '未说明',
  says: { verified: '已读官方原文核对', third_party: '据第三方转录或实现', inferred: '由官方公布结果反推', unverified: '凭记忆或惯例，尚未与原文核对', unknown: '没有说明核实情况' },
}
export const verificationEn: typeof verificationZh = {
  verified: 'Verified', third_party: 'Third party', inferred: 'Inferred', unverified: 'Unverified', unknown: 'Not stated',
  says: { verified: 'compared with the official text', third_party: 'from a transcription or an implementation', inferred: 'reproduces official published results', unverified: 'from memory or practice, not compared with the text yet', unknown: 'nothing is said of how it was checked' },
}

export const standardsZh = {
  title: '标准', intro: '系统评价所依据的标准、限值和规则，逐行注明条款、有效期和核实状态。', edition: '标准', name: '名称', jurisdiction: '适用范围', nation: '全国', validFrom: '实施', validTo: '终止', inForce: '有效', ended: '已废止', future: '未实施', onDay: '有效日期', anyDay: '全部版本', onDayOn: '按日期',
  supersedes: '代替', supersededBy: '被代替', tables: '表', rows: '行', verification: '核实状态', unverifiedRows: '未核实 {n} 行', overrides: '本地更正', overridden: '更正 {n} 行', search: '查找标准、因子、条款、限值', searchIn: '在表中查找', only: '只看', onlyDoubtful: '未核实', onlyLocal: '本地更正', onlyAll: '全部',
  found: '找到的行', hits: '{n} 处', noHits: '没有找到。', empty: '没有符合条件的标准。', none: '没有载入标准。标准随程序放在 standards/ 目录。', clause: '条款', row: '位置', rowLink: '复制本行链接', linkCopied: '链接已复制', local: '本地', localFrom: '来自 {place}', replaced: '已被更正', replacedBy: '由 {place} 更正', added: '本地增加',
  source: '来源', id: '编号', download: '导出', overrideHow: '未核实的数值可在本地标准目录（--local）中更正，格式见 standards/README.md。', backToList: '全部标准', notFound: '没有这个标准。', noRows: '没有符合条件的行。', period: '有效期', always: '同标准', digest: '规则库摘要', counts: '标准 {editions} 部，表 {tables} 张，{rows} 行',
}
export const standardsEn: typeof standardsZh = {
  title: 'Standards', intro: 'The standards, limits and rules behind every evaluation, each row with its clause, its time in force and how far it was checked.', edition: 'Standard', name: 'Name', jurisdiction: 'Jurisdiction', nation: 'Nation', validFrom: 'From', validTo: 'To', inForce: 'In force', ended: 'Ended', future: 'Not yet', onDay: 'In force on', anyDay: 'All editions', onDayOn: 'By date',
  supersedes: 'Supersedes', supersededBy: 'Superseded by', tables: 'Tables', rows: 'Rows', verification: 'Verification', unverifiedRows: '{n} rows unverified', overrides: 'Local corrections', overridden: '{n} rows corrected', search: 'Find standards, factors, clauses, limits', searchIn: 'Find in the tables', only: 'Only', onlyDoubtful: 'Unverified', onlyLocal: 'Local', onlyAll: 'All',
  found: 'Rows found', hits: '{n} hits', noHits: 'Nothing found.', empty: 'No standard fits.', none: 'No standards are loaded. They come with the program, in the folder standards/.', clause: 'Clause', row: 'Place', rowLink: 'Copy the link to this row', linkCopied: 'Link copied', local: 'Local', localFrom: 'from {place}', replaced: 'Corrected', replacedBy: 'corrected by {place}', added: 'Added locally',
  source: 'Source', id: 'Number', download: 'Export', overrideHow: 'Figures nobody has checked can be corrected in the folder of local standards (--local); its form is in standards/README.md.', backToList: 'All standards', notFound: 'There is no such standard.', noRows: 'No row fits.', period: 'In force', always: 'as the standard', digest: 'Digest of the rule book', counts: '{editions} standards, {tables} tables, {rows} rows',
}
