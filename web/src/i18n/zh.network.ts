/** Words of the register, its coverage and the files handed over. */
export const networkZh = {
  title: '监测网络',
  tabs: { register: '登记册', map: '地图', coverage: '布设与缺口', files: '数据文件' },
  tabsLabel: '监测网络视图',
  asOf: '截至日期', asOfToday: '今天', asOfOther: '显示截至 {date} 的登记，不是今天的', backToToday: '回到今天',
  kinds: '登记种类', kindCount: '{n} 条', filters: '筛选', search: '名称、编号', all: '全部', region: '行政区', element: '环境要素', level: '控制级别', state: '状态', clear: '清除筛选',
  elements: { air: '环境空气', precipitation: '降水', surface_water: '地表水', groundwater: '地下水', drinking_source: '饮用水源', soil: '土壤', noise: '声环境', radiation: '辐射', ecology: '生态', source: '污染源' },
  states: { active: '在用', planned: '规划', stopped: '已停' },
  id: '编号', from: '自', until: '至', approval: '批准文件', now: '现行', columns: '列', columnsLabel: '选择显示的列', cut: '共 {total} 条，已取 {n} 条', more: '再取',
  empty: '没有符合条件的登记。', none: '还没有这一种类的登记。可从文件导入，或逐条新增。', noKind: '请选择登记种类。',
  act: { add: '新增', change: '变更', move: '迁移', stop: '停用', resume: '恢复', import: '导入', export: '导出', template: '空表', duplicates: '重复提示' },
  exportAs: '导出全部为 {format}（截至 {date}）', templateTitle: '下载只有表头的 CSV，填好后导入',
  record: { title: '登记', attributes: '属性', place: '位置', history: '沿革', noHistory: '没有沿革。', noPlace: '没有坐标。', approximate: '坐标为近似值', valid: '有效期', since: '自 {from}', range: '{from} 至 {to}', none: '未填', set: '改为', cleared: '清空', entry: '存证条目', by: '{name}', unapproved: '未记批准文件', points: '在监测点位中打开', system: '系统', values: '{n} 项', notThen: '截至 {date} 没有该登记。沿革见下。', showAll: '显示未填的属性', geometry: '几何图形，{n}' },
  change: {
    title: '{action} {name}', newTitle: '新增{kind}', effective: '生效日期', effectivePast: '生效日期在过去：沿革会同时记下生效日期和今天的登记时间。', effectiveFuture: '生效日期在将来：到期后生效。',
    fields: '属性', idRule: '编号一经登记不再改变', will: '将要改变', nothing: '没有改变。', willStop: '{name} 自 {date} 起停用；历史数据保留，仍可查询。', willResume: '{name} 自 {date} 起恢复使用。', required: '必填', optional: '选填',
    approval: '批准', approvalNeeded: '每项登记都须写明批准文件。填过一次，本次工作的下一项登记自动带出。', approvalOptional: '如有批准文件，请写明。', document: '文号', authority: '批准机关', date: '批准日期', approvalMissing: '请填写批准文件的文号、机关和日期',
    missing: '请填写：{what}', notNumber: '{what}：须为数字', notDate: '{what}：须为日期', notPlace: '经纬度须为数字，经度 −180–180，纬度 −90–90', note: '变更写入存证日志，不可撤回；改错时再登记一次变更。', submit: '登记', yes: '是', no: '否', unset: '（不填）', draftKept: '未提交的内容保存在本浏览器', clearValue: '清空', done: '已登记，存证条目 {entries}', lon: '经度', lat: '纬度', action: '事项',
  },
  import: {
    title: '导入{kind}', drop: '把 CSV、XLSX 或 GeoJSON 文件拖到这里，或点击选择', dropNote: '先试算，不写入；看过结果再确认。列名用属性键或中文名，编号列为 id。', approval: '用于没有自己写明的行；各行也可用批准文号、批准机关、批准日期三列（approval、approval_authority、approval_date）各自写明。', checking: '正在试算', sending: '正在导入', dry: '试算结果', rows: '数据行', added: '新增', changed: '变更', unchanged: '不变', errors: '有误', hints: '重复提示',
    errorsTitle: '有误的行', row: '行', line: '文件行', column: '列', text: '说明', hintsTitle: '可能重复建设', hintsNote: '同要素且距离很近的点位。提示不妨碍导入。', a: '甲', b: '乙', distance: '距离', why: '依据',
    cannot: '有误的行必须先改正；没有写入任何内容。', nothing: '文件与现有登记一致，没有可写入的内容。', confirm: '确认导入', will: '将写入：新增 {added} 条，变更 {changed} 条。', effective: '生效日期（行内未写的）', done: '已导入。新增 {added} 条，变更 {changed} 条。', entries: '存证条目', again: '再导入一个', tooLong: '文件行数较多，仅列出前 {n} 条',
  },
  duplicates: { title: '重复提示', note: '同一要素、相距在规定距离之内的点位：可能是重复建设，也可能是同一点位登记了两次。', distance: '距离不超过', metres: '米', byRule: '按规则', empty: '没有发现可能重复的点位。', a: '点位甲', b: '点位乙', d: '距离', why: '依据' },
  map: { note: '几何图形来自登记册（geo/README.md）和 GSHHG 2.3.7（LGPL-3）。示意图，在中国公开展示须使用经审核的底图（审图号）。', label: '监测网络地图', legend: '图例，点击可筛选', gapRule: '按缺口着色', noRule: '不着色', none: '登记册里没有行政区的几何图形。用“登记册 → 行政区 → 导入”导入 GeoJSON。', gap: '缺 {n}', met: '满足', noPlace: '{n} 个点位没有坐标', shown: '显示 {n} / {all}', gapScale: '缺口', notApplicable: '不适用', pointsIn: '{n} 个点位' },
  coverage: {
    title: '布设要求与缺口', summary: '小结', rule: '要求', subject: '对象', required: '应有', planned: '规划', built: '已建', gap: '缺口', clause: '条款', verification: '核实', points: '计入的点位', note: '说明', unit: '单位', all: '全部要求', views: { subjects: '按对象', rules: '按要求' }, viewsLabel: '缺口的列法', known: '登记 / 文件所列', knownText: '文件列有 {all} 个，登记册有 {n} 个', document: '文件', noSubjects: '登记册里还没有这项要求所指的对象，因此没有行；先登记对象。', onlyGaps: '只看缺口', empty: '没有符合条件的对象。', none: '没有布设要求。要求是 rules/coverage 中的数据。', gapOf: '缺 {n}', met: '满足', total: '合计', subjects: '对象数', withGap: '有缺口', export: '导出缺口表',
    operator: '本单位规定',
  },
  siting: {
    title: '选址辅助', intro: '在候选地点中逐个挑选：每一步取新增覆盖最多的地点，减去与已有点位的重叠。', element: '环境要素', region: '范围', wholeArea: '全部区域', k: '新增点数', radius: '覆盖半径', km: '千米', weight: '按', weights: { area: '面积', population: '人口' }, candidates: '候选地点（每行：编号,经度,纬度；留空用网格）', run: '计算', running: '正在计算', before: '现状', after: '新增后', covered: '覆盖率', redundancy: '重叠', steps: '步骤', step: '步', candidate: '候选地点', place: '经纬度', gain: '新增覆盖', share: '累计覆盖率', none: '还没有计算。', wrongLine: '第 {n} 行不是“编号,经度,纬度”', assumed: '计算假定',
  },
  redundancy: { title: '重叠的点位', intro: '距离近且数据高度相关的点位对：可考虑合并或调整。', factor: '监测因子', from: '从', to: '到', run: '计算', a: '点位甲', b: '点位乙', distance: '距离', r: '相关系数', n: '样本数', empty: '没有发现高度相关的邻近点位。', none: '选择要素、因子和时间后计算。' },
  files: {
    title: '数据文件', hand: '交入数据文件', drop: '把数据文件拖到这里，或点击选择', dropNote: '历史或其他部门的监测数据，CSV 或 zstd 压缩，最大 64 MiB；更大的用 mingjian import。', recognising: '正在识别', recognised: '识别为', unknown: '不认识的文件', unfit: '不含可入库的数据', reading: '正在试读', sending: '正在交入', missing: '文件里没有、须由您说明', factor: '因子编码', unit: '文件中的单位', station: '站点编码', checkIt: '试读', dry: '试读结果', will: '文件原样写入存证日志，观测值由它导出；同一文件再交一次不会重复。', willRecords: '目录中的记录写入登记册，成为存证日志中的决定；与登记册一致的不再写。', onlyRecords: '目录只写入登记册，不列入下表。', submit: '交入', done: '已交入', again: '再交一个',
    file: '文件', received: '交入时间', source: '来源', layout: '格式', kind: '内容', period: '周期', state: '状态', rows: '行', values: '值', stored: '新值', duplicate: '已有', unreadable: '读不出', who: '交入人', entry: '存证条目', bytes: '大小', sha256: 'SHA-256', parts: '分段', reason: '理由', faults: '读不出的行', proofs: '其中几个数值及其证明', noFaults: '全部读出。', line: '行', column: '列', text: '说明', records: '登记册', recordsText: '新增 {added}，变更 {changed}，不变 {unchanged}', already: '该文件以前交过，没有重复入库', empty: '还没有交入数据文件。把文件拖到上方，或运行 mingjian import。', receipt: '回执', toRegister: '查看登记册', wholeRow: '整行', faultsCut: '共 {all} 处，列出前 {n} 处', tooLarge: '文件超过 64 MiB。请在服务器上运行 mingjian import。', layouts: '认识的格式', columnsOf: '{n} 列',
    kinds: { values: '监测数据', points: '点位目录', regions: '行政区目录', geometry: '几何图形', unfit: '不适用', none: '不认识' },
    states: { incomplete: '不完整', deriving: '正在入库', done: '完成', refused: '未收' },
  },
}
export type NetworkWords = typeof networkZh
