import { analysisZh } from './zh.analysis'
import { networkZh } from './zh.network'
import { evaluationZh } from './evaluation'
import { standardsZh, verificationZh } from './standards'

export const zh = {
  product: '明鉴',
  productLong: '明鉴 生态环境监测平台',
  noLogin: '无登录 · 仅本机 {binding}',
  noLoginWhy: '本版本没有登录，因此服务只绑定本机地址，其他机器不能访问。',
  skip: '跳到内容',
  nav: { overview: '总览', elements: '环境要素', element: { air: '环境空气', water: '水环境', soil: '土壤', noise: '声环境', radiation: '辐射', ecology: '生态', sources: '污染源' }, network: '监测网络', analysis: '统计分析', standards: '标准', more: '更多', data: '数据', points: '监测点位', devices: '现场机', conformance: '规约符合性', alarms: '报警', evidence: '存证', system: '系统', docs: '接口文档', main: '主导航', fold: '收起导航', unfold: '展开导航' },
  act: { retry: '重试', close: '关闭', pause: '暂停', resume: '继续', open: '打开', back: '返回', copy: '复制', copied: '已复制', verify: '在浏览器中验证', verifyAgain: '重新验证', zoomIn: '放大', zoomOut: '缩小', zoomHome: '复位', png: '图片', theme: '切换明暗', language: 'Switch to English' },
  search: { label: '搜索', placeholder: '点位、MN、通讯包号', hint: 'Ctrl K', none: '没有匹配的点位、现场机或通讯包', frame: '通讯包 {n}', points: '监测点位', frames: '通讯包' },
  live: { connecting: '正在连接', live: '实时', lost: '连接中断', lostFor: '连接中断 {for}，正在重连；画面停在中断时刻', fresh: '最近通讯包', noFrame: '尚无通讯包' },
  age: { now: '刚刚', second: '{n} 秒前', minute: '{n} 分钟前', hour: '{n} 小时前', day: '{n} 天前' },
  time: { beijing: '北京时间' },
  element: networkZh.elements,
  scale: { aqi: '空气质量 AQI', water_class: '水质类别', source: '排放状态', limits: '状态' },
  grade: {
    aqi: { 1: '优', 2: '良', 3: '轻度污染', 4: '中度污染', 5: '重度污染', 6: '严重污染' },
    water_class: { 1: 'Ⅰ类', 2: 'Ⅱ类', 3: 'Ⅲ类', 4: 'Ⅳ类', 5: 'Ⅴ类', 6: '劣Ⅴ类' },
    source: { normal: '正常', exceeding: '超标', stopped: '停运' },
    limits: { receiving: '接收中', normal: '正常', exceeding: '超标', stopped: '停运' },
    offline: '离线',
    unknown: '未定',
  },
  state: { because: '原因：{reason}', primary: { aqi: '首要污染物', water_class: '定类因子', source: '超标因子', limits: '超标因子' }, alarm: '报警中', label: '状态', standard: '依据' },
  disposition: { stored: '入库', duplicate: '重复', rejected: '拒收', quarantined: '隔离', pending: '待处理', sent: '已发送' },
  severity: { notice: '提示', warning: '警告', serious: '严重' },
  period: { instant: '实时', minute: '分钟', hour: '小时', day: '日' },
  kind: { Rtd: '实测', Avg: '均值', Min: '最小', Max: '最大', Cou: '累计', ZsRtd: '折算', ZsAvg: '折算均值', ZsMin: '折算最小', ZsMax: '折算最大', Data: '时段值', DayData: '昼间值', NightData: '夜间值', RS: '运行状态', RT: '运行时间' },
  flag: { N: '正常', F: '停运', M: '维护', S: '人工输入', D: '故障', C: '校准', T: '超上限', B: '通讯异常', other: '设备自定标记', legend: '数据标记', none: '未发送标记' },
  reason: {
    device_unknown: '设备未登记', not_a_frame: '不是通讯包', header_incomplete: '数据段不完整', crc_wrong: 'CRC 不符', crc_absent: '缺 CRC', crc_modbus: 'CRC 为 Modbus 算法', crc_modbus_le: 'CRC 为 Modbus 低字节在前',
    crc_hj_not_allowed: '该设备不应使用 HJ 212 CRC', data_time_missing: '缺 DataTime', data_time_unreadable: 'DataTime 无法识别',
  },
  command: { 1011: '现场机时间', 2011: '实时数据', 2021: '设备运行状态', 2031: '日历史数据', 2041: '设备运行时间日数据', 2051: '分钟数据', 2061: '小时数据', 2081: '开机时间', 9011: '请求应答', 9012: '执行结果', 9013: '通知应答', 9014: '数据应答', 9015: '心跳' },
  table: { rows: '{n} 行', copy: '复制为制表符文本', copied: '已复制', export: '导出 CSV', older: '更早的' },
  error: {
    quote: '错误代码', other: '请求没有成功', unreachable: '服务没有应答。请确认 mingjian 正在运行，然后重试', not_found: '没有找到',
    unavailable: '存储暂时不可用，请稍后重试', invalid_input: '请求有误', damaged: '存证数据损坏', already_acknowledged: '已有人确认', already_ended: '命令已经结束', client: '页面出错', page: '没有这个页面', toOverview: '回到总览',
  },
  ledger: {
    title: '流量台账', received: '收到', balanced: '平衡', unbalanced: '不平衡', values: '观测值', framesPerS: '帧/秒', valuesPerS: '值/秒', connections: '连接',
    equation: '收到 = 入库 + 重复 + 拒收 + 隔离 + 待处理', reasons: '拒收原因', noReasons: '没有拒收',
  },
  overview: {
    title: '总览', map: '重庆市监测点位',
    ticker: '通讯包', alarms: '最新报警', allAlarms: '全部', allFrames: '全部', noAlarms: '没有报警。监测值超过限值时在此出现。',
    noFrames: '还没有收到通讯包。数采仪连上网关后在此滚动。', noPoints: '没有登记监测点位。点位在登记表 network.toml 中登记。', paused: '已暂停，积压 {n} 帧', legend: '图例，点击可筛选', ring: '外圈 = 报警中', shown: '显示 {n} / {all}', ledgerOf: '通讯包', cluster: '{n} 个点位',
    mapUnavailable: '底图没有载入；点位见列表。',
  },
  points: { title: '监测点位', name: '名称', element: '环境要素', district: '区县', device: '设备 MN', last: '最新数据', alarm: '报警', all: '全部', empty: '没有符合条件的点位。', id: '编号', aqi: 'AQI' },
  point: {
    latest: '最新值', factor: '监测因子', value: '数值', unit: '单位', kind: '类型', flag: '标记', at: '数据时间', received: '收到', limit: '限值', frames: '原始通讯包', lineage: '溯源链', revision: '版本', firstValue: '首次值', revised: '第 {n} 次修订',
    evidence: '存证条目', frame: '通讯包', noValue: '该时段没有数值', flaggedMissing: '设备标记为 {flag}', noLatest: '还没有观测值。该设备的第一个通讯包入库后在此显示。', noFrames: '还没有收到该设备的通讯包。',
    hour: '时', day: '日', week: '周', month: '月', year: '年', earlier: '更早', later: '更晚', newest: '最新', noSeries: '该时间范围内没有数据。', upper: '上限', lower: '下限', mean: '均值', range: '最小–最大', aggregated: '每 {bucket} 汇总（最小/均值/最大）', hollow: '空心 = 有标记的值，不连线', gap: '断开 = 缺数', data: '数据',
    count: '个数', chart: '过程线', pick: '选择一行查看过程线', source: '来源', open: '打开点位', beyond: '超过限值', address: '经纬度', figures: '主要数据',
  },
  frame: {
    title: '通讯包 {n}', received: '收到时间', device: '设备 MN', point: '监测点位', peer: '对端', connection: '连接号', bytes: '原始字节', length: '长度', decoded: '解码', crc: '校验', observations: '产生的观测值', evidence: '存证', entry: '存证条目', prev: '前一帧', next: '后一帧',
    field: '字段', key: '键', fieldValue: '值（原文）', crcGiven: '包内', crcOurs: '重算', crcMatch: { hj: '符合 HJ 212', modbus: '符合 Modbus（非标准）', 'modbus-le': '符合 Modbus 低字节在前（非标准）', none: '不符', absent: '缺失' },
    dialect: '版本', command: '命令', system: '系统编码', dataTime: '数据时间', error: '错误', deviation: '偏差', ok: '结构完整', notOk: '不是有效通讯包', junk: '无法识别的字节', sent: '我方请求', encrypted: '数据区加密', noObservations: '该通讯包没有产生观测值。', current: '现行', replaced: '已被修订', revision: '版本', quantity: '观测值数', request: '请求编码 QN', flagBits: '标志', ack: '要求应答', split: '拆分包', unregistered: '未登记',
    empty: '没有字节。', st: '系统', cn: '命令', disposition: '处理结果',
  },
  proof: {
    title: '包含证明', intro: '叶 = 散列(0x00 ‖ 条目)；逐级与兄弟节点合并到根；SHA-256 与 SM3 两棵树的根由同一检查点签名。', leaf: '叶', root: '根', sibling: '兄弟', size: '树大小', index: '条目序号', origin: '日志', key: '验证公钥', tree: '树', checkpoint: '检查点', path: '路径 {n} 级', left: '兄弟在左', right: '兄弟在右',
    step: { payload: '原始字节在条目之内', leaf: '叶哈希 SHA-256', path: '由路径推得的根 SHA-256', sm3Leaf: '叶哈希 SM3', sm3Path: '由路径推得的根 SM3', checkpoint: '检查点写明同样的两个根', keys: '公钥属于该日志，与其短哈希相符', signature: '检查点签名 Ed25519', sm2Signature: '检查点签名 SM2（SM3）', remembered: '留存的检查点', rememberedSignature: '留存检查点的签名出自该日志的密钥', sameLog: '同一个日志', head: '现在的检查点', consistency: '前者是后者的前缀 SHA-256', sm3Consistency: '前者是后者的前缀 SM3' },
    ok: '通过', failed: '未通过', allOk: '全部通过：该条目在签名的日志之中，未被改动。', notOk: '验证未通过。请保留本页和数据目录，运行 mingjian verify。', engine: { webcrypto: '由 WebCrypto 验证', builtin: '由内置算法验证' }, expected: '应为', computed: '算得',
    notRun: '尚未验证', trust: '公钥由本服务给出；要独立核对，请把它与事先保存的公钥比较，或用 mingjian-verify 离线验证。', running: '正在验证',
  },
  alarm: {
    title: '报警', open: '未解除', cleared: '已解除', all: '全部', raised: '触发时间', opened: '首个超限数据', point: '监测点位', factor: '监测因子', period: '周期', last: '最近值', peak: '最大偏离', peakAt: '出现时间', limit: '限值', severity: '级别', state: '状态', clearedAt: '解除时间', updates: '后续超限次数', ack: '确认', acked: '已确认', notAcked: '未确认',
    ackBy: '{name} 确认于 {at}', reason: '理由', name: '姓名', submit: '确认报警', ackNote: '确认不会解除报警。姓名、理由和时间写入存证日志，不可撤回。', needBoth: '请填写姓名和理由', empty: '没有符合条件的报警。监测值超过限值时在此出现。', rule: '规则', source: '限值来源', above: '高于', below: '低于', evidence: '触发的通讯包', trail: '记录', draftKept: '未提交的内容保存在本浏览器', actEntry: '确认的存证条目', duration: '持续', new: '新报警', listNew: '有 {n} 条更新', times: '为限值的 {n} 倍',
  },
  device: {
    title: '现场机', mn: 'MN', noMn: '（无 MN）', state: '状态', online: '在线', offline: '离线', all: '全部', point: '监测点位', registered: '已登记', unregistered: '未登记', vendor: '厂商', unknownVendor: '厂商不详', dialect: '规约版本', last: '最近通讯包', never: '从未',
    deviations: '偏离次数', deviating: '偏离包', completeness: '昨日齐全率', openOrders: '未结命令', frames: '通讯包', bad: '不可用', search: 'MN、点位、厂商', filter: '筛选', only: { all: '全部', unregistered: '未登记', deviating: '有偏离', open: '有未结命令' },
    empty: '没有符合条件的现场机。', none: '还没有现场机。登记表 network.toml 中的现场机和连过网关的现场机在此列出。', cut: '共 {n} 台，显示前 {shown} 台；请用搜索缩小范围', surfaceWater: '地表水规约', source: { profile: '档案指定', detected: '按通讯包识别', none: '尚无依据' }, noDialect: '未定',
    link: '连接', peer: '对端', tls: '传输加密', tlsYes: 'TLS', tlsNo: '无', since: '连接于', lastByte: '最近字节', connection: '连接号', traffic: '本次连接', junk: '无法识别的字节', noLink: '现在没有连接。现场机连上网关后，排队的命令自动下发。', firstSeen: '首次通讯包', st: '系统编码', heartbeat: '最近心跳', noHeartbeat: '不发心跳', encryptedFrames: '密文包', wrongPasswords: '密码不符', 
    conversation: '最近会话', noConversation: '还没有向该现场机下发过命令。', events: '事件', noEvents: '没有事件。密码不符、重启、入网登记、密钥请求等在此列出。', event: '事件', detail: '内容', entry: '存证条目', at: '时间', unseen: '登记表中有，但从未收到它的通讯包。', toDevice: '打开现场机',
  },
  profile: {
    title: '通讯档案', item: '项目', detected: '识别', inForce: '现行', grounds: '识别依据', ground: '例：{entry}', noGrounds: '尚无通讯包可供识别。', edit: '修改档案', key: '登记密钥', history: '变更记录', noHistory: '登记以来没有变更。', differs: '识别与现行不同', apply: '采用识别结果', seen: '{n} 包', characters: '{n} 个字符',
    dialect: '规约版本', surfaceWater: '地表水规约', crc: '校验方式', password: '访问密码', passwordRule: '密码检查', encryption: '数据区加密', overTime: '超时时间', recount: '重发次数', keyAge: '密钥', yes: '是', no: '否', asNewest: '随最近通讯包', passwordSet: '已登记', passwordNotSet: '未登记，用最近通讯包的', noKey: '无密钥',
    crcRule: { hj: 'HJ 212', modbus: 'Modbus，高字节在前', 'modbus-le': 'Modbus，低字节在前', off: '不检查' }, rule: { off: '不检查', report: '不符时记事件', reject: '不符时拒收' }, cipher: { off: '不加密', accepted: '可加密', required: '必须加密' },
    keyDays: '已用 {n} 天，期限 {limit} 天', keyDue: '应更换', keyCreated: '生成于 {at}', changed: '档案', keyChange: '密钥', newPassword: '新密码', passwordKeep: '不变', passwordClear: '取消登记的密码', passwordNew: '改为', will: '将要改变', nothing: '没有改变。', note: '此后收到的通讯包按新档案解读；此前的仍按当时的档案。修改写入存证日志，不可撤回，可以再改。', submit: '修改', seconds: '秒', passwordHidden: '（不显示）',
    keyTitle: '登记 SM4 密钥', keyField: '密钥（16 个字符）', keyWrong: '密钥须为 16 字节，现为 {n}', keyNote: '用于首个密钥或线下更换。密钥封存后写入存证日志，任何接口都不再给出；此前的密钥对在途的通讯包继续有效。', keySubmit: '登记密钥', created: '生成时间', createdNow: '留空为现在', passwordWrong: '密码为空：选“取消登记的密码”或填写',
  },
  order: {
    title: '命令', number: '命令 {n}', send: '下发命令', state: '状态', cn: '命令', by: '下发人', system: '系统自动', reason: '理由', placed: '下发时间', changed: '最近变化', parameters: '参数', noParameters: '无参数', data: '数据包', attempt: '第 {n} 次', expires: '有效至', code: '返回', cause: '起因', qn: '请求编码 QN', empty: '还没有命令。', none: '没有符合条件的命令。', all: '全部', open: '未结', ended: '已结', 
    states: { queued: '待发', sent: '已下发', accepted: '已受理', done: '成功', no_data: '无数据', refused: '拒绝', failed: '失败', timed_out: '超时', cancelled: '已取消', expired: '过期', interrupted: '中断' },
    step: { placed: '下发命令', queued: '排队', sent: '发送请求', resent: '重发请求', reply: '请求应答', data: '收到数据', result: '执行结果', 'time-out': '超时', cancelled: '取消', expired: '过期', interrupted: '中断' },
    steps: '会话步骤', frame: '通讯包', record: '记录', cancel: '取消命令', cancelNote: '未发出的不再发出；现场机已收到的无法收回，只是不再等待它的应答。', cancelSubmit: '确认取消', keep: '不取消', next: { queued: '等待现场机在线且空闲', sent: '等待请求应答 9011', accepted: '等待数据或执行结果 9012' }, elapsed: '历时 {for}',
  },
  send: {
    title: '向 {mn} 下发命令', pick: '选择命令', find: '按编码或名称查找', none: '该规约版本没有这样的命令。', table: '命令表 {dialect}', change: '另选命令', noFields: '该命令没有参数。', preview: '将要发送的通讯包', previewWait: '填完参数后显示。', previewCipher: '数据区以密文发送；此处显示明文。', parts: '逐项说明', part: '字段', bytes: '{n} 字节', submit: '下发', 
    note: '命令、姓名和理由写入存证日志，不可撤回。现场机在线且空闲时立即发送。', offline: '该现场机离线：命令将排队，上线后发送，{for}内未发出则过期。', verification: { THIRD_PARTY: '据第三方资料，未经标准原文核对', UNVERIFIED: '未核实：没有可核对的原文' }, required: '必填', optional: '选填', addValue: '再加一项', removeValue: '去掉此项', atSending: '发送时刻', factor: '因子编码', course: { none: '', execute: '应答后给出执行结果', response: '应答后返回一包数据，再给出执行结果', history: '应答后上传历史数据，再给出执行结果', notice: '通知，现场机应答即结束' }, st: '系统编码', stNewest: '随最近通讯包', expires: '有效期', expiresDefault: '按规则（一天）', hours: '{n} 小时', example: '标准示例', useExample: '填入示例', another: '再下发一条', done: '完成', range: '结束时间早于开始时间',
    noKeys: '请先登记密钥', notRegistered: '未登记的现场机不能下发命令',
    fault: { key: '须选已登记的密钥', required: '必填', number: '须为数字', time: '须为有效时间', choice: '不在可选值中', factor: '须为因子编码', separator: '不能含 ; , = 或 &&', length: '最多 {n} 个字符', digits: '整数最多 {n} 位', decimals: '小数最多 {n} 位', min: '不小于 {n}', max: '不大于 {n}' },
  },
  completeness: {
    title: '数据齐全率', of: '收到 {n} / 应有 {all}', notExpected: '无应收', level: { full: '齐全', most: '≥ 90%', part: '≥ 50%', poor: '< 50%', none: '缺失' }, kind: '记录类型', year: '年', none: '该年没有应收的数据。收到数据后，按已有的数据序列计算。', series: '{n} 个数据序列', missing: '缺 {n} 个时段', whole: '没有缺数。', request: '补采 {cn}', requestNote: '请求该日 {from} 至 {to} 的历史数据', tooEarly: '该日还没有结束的时段。', over: '全年', pick: '选择一天查看缺数', notOrderable: '该规约版本没有命令 {cn}。',
  },
  parameter: { title: '现场机参数', name: '参数', instrument: '仪器', logger: '数采仪', value: '值', unit: '单位', at: '收到', history: '参数历史', empty: '还没有参数。对提取命令（如 1061、3020）的应答和现场机上传的参数在此列出。', noHistory: '没有记录。', since: '自', evidence: '通讯包', },
  conformance: {
    title: '规约符合性', matrix: '厂商与偏离', devices: '各现场机', deviation: '偏离', clause: '条款', frames: '偏离包', share: '占比', first: '首次', last: '最近', empty: '没有偏离：收到的通讯包都符合各自版本的规约。', noFrames: '还没有收到通讯包。', ofDevice: '规约偏离', noDeviations: '该现场机的通讯包没有偏离。', cell: '{frames} 包，占该厂商通讯包的 {share}；{devices} 台', csv: '导出报告 CSV', conforming: '符合', conformingOf: '{n} / {all} 台符合', allFrames: '通讯包', kinds: '偏离种类', main: '主要偏离', all: '全部', at: '统计于 {at}', shade: '底色越浓，占该厂商通讯包的比例越高', unknown: '厂商不详',
  },
  evidence: {
    title: '存证', head: '树头', entries: '日志条目', signedSize: '已签名', signedAt: '签名于', sha256Root: 'SHA-256 根', sm3Root: 'SM3 根', origin: '日志名', witnessedSize: '已见证', by: '共签', note: '检查点原文', notWitnessed: '尚无足够的见证方共签', covers: '覆盖 {n} 条', verifyHead: '在浏览器中验证签名', headOk: '签名全部有效', headBad: '有签名无效', anchored: '锚点覆盖', beyondAnchor: '其后 {n} 条',
    kind: { ed25519: 'Ed25519', sm2: 'SM2', cosignature: '见证共签' }, unsigned: '未签', validSignature: '有效', invalidSignature: '无效', unread: '不能识别的公钥',
    witnesses: '见证方', policy: '须 {n} / {m} 方共签', policyNone: '不要求共签', cosignedAt: '最近共签', neverCosigned: '从未共签', lag: '未见 {n} 条', seenAll: '已见全部', freshness: { fresh: '正常', late: '滞后', silent: '无共签', trouble: '异常' }, noWitnesses: '未配置见证方：没有他方留存检查点，日志只能证明别人没有改动它。请其他部门运行 mingjian witness，并在配置中登记其公钥。',
    timestamp: '时间戳', timestampNone: '未配置时间戳机构', stampedAt: '最近时间戳', neverStamped: '尚无时间戳',
    anchors: '锚点', anchorNow: '立即锚定', anchorSize: '条目数', anchorAt: '时间', anchorBy: '共签方', stamped: '时间戳', anchorEntry: '记录于', noAnchors: '还没有锚点。见证方共签或时间戳机构签发后在此列出。', yes: '有', no: '无', compare: '与现在比较', copyNote: '复制检查点',
    keys: '密钥', action: { create: '启用', rotate: '轮换', recover: '丢失恢复', revoke: '吊销', succeed: '续接' }, inForce: '现行', former: '已停用', statement: '声明 {n}', genesis: '起始声明', recovery: '恢复密钥', rotate: '轮换密钥', rotateNote: '生成新的 Ed25519 与 SM2 签名密钥。声明由新旧密钥共同签名，成为日志条目；此前的检查点仍按当时的密钥验证，不受影响。', rotateWill: '现行密钥将停止签名', rotateSubmit: '轮换', trustFile: '公钥与见证方 trust.txt', keyring: '密钥声明 keyring',
    alert: {
      refused: '见证方拒绝共签：它所见的历史与本服务器不同或更长', rollback: '回退：他方记得的日志比现在的长', fork: '分叉：同一大小有两份不同的历史', damage: '损坏：日志文件与其哈希不符', past: '曾经发现', now: '存证异常', badge: '存证异常', subject: '对象', toEvidence: '查看存证',
      act: { refused: '停止对外出证；保留数据目录，不要删除或覆盖；与见证方核对其最近的检查点。', rollback: '多半是恢复了旧备份。保留现有目录，找回较新的备份；确实找不回时，按存证运维手册以新日志名续接，并说明缺失的条目。', fork: '两份历史不能都真。保留两份目录，停止写入，用见证方留存的检查点判断哪一份是原来的。', damage: '保留损坏的文件；用备份恢复该分段；再检查一遍。数据未恢复前，涉及的条目不能出证。' },
    },
    files: '存储与检查', rawBytes: '压缩前', storedBytes: '占用', ratio: '压缩到 {share}', segments: '分段', compressed: '已压缩 {n}', retired: '已移出 {n}', perDay: '每天增长', perDayUnknown: '尚不足以估计', free: '可用', fullAt: '预计写满', notFilling: '按现有增长不会写满', scrub: '完整性检查', scrubRunning: '正在检查', scrubLast: '最近检查完成', scrubNever: '还没有完整检查过', scrubNow: '立即检查', scrubOk: '未发现损坏', damageAt: '损坏', bytesOf: '{done} / {all}', remaining: '约剩 {for}',
    list: '条目', searchEntry: '条目号或 MN', go: '查找', entry: '条目', type: '类型', received: '时间', device: '设备 MN', peer: '对端', bytes: '长度', text: '内容', noEntries: '没有这样的条目。', noEntriesOfDevice: '该设备没有条目。请检查 MN 是否完整。', clearDevice: '取消设备筛选', newEntries: '有 {n} 条新条目', tooFar: '日志只有 {n} 条', types: { frame: '通讯包', junk: '不明字节', decision: '决定', sent: '我方请求', event: '事件', key: '密钥', import: '导入', mark: '标记', configuration: '配置' },
    entryTitle: '存证条目 {n}', encoding: '规范编码', payload: '载荷', asText: '文本', notText: '载荷不是文本。', leaf: 'SHA-256 叶', sm3Leaf: 'SM3 叶', sequence: '设备内序号', noSequence: '不属于设备，或尚未计入', coveredBy: '最早覆盖它的锚点', notCovered: '尚无锚点覆盖；检查点已签名，但没有他方见证', connection: '连接号', openFrame: '打开通讯包', binary: '二进制',
    consistency: '一致性', consistencyIntro: '把以前留存的检查点贴在这里：在浏览器中证明它是现在日志的前缀，即留存之后没有改动、删除或重排。', rememberedNote: '留存的检查点（原文）', rememberNow: '在本浏览器留存现在的检查点', rememberedHere: '本浏览器留存于 {at}', check: '验证一致性', prefix: '留存的是现在的前缀：{from} 条 → {to} 条，历史未被改动。', notPrefix: '不一致：留存的检查点不是现在日志的前缀。请保存两份检查点，并联系见证方。', unreadable: '不是检查点：{why}', longer: '留存的有 {from} 条，现在只有 {to} 条：日志被回退。', sameSize: '大小相同，直接比较根。',
  },
  prove: {
    act: '出证', actOf: '出证：{what}', title: '出证', file: '验证证据包文件', fetching: '正在取证据包', verifying: '正在验证', witnessing: '最新条目尚未见证，正在请见证方共签', fetched: '{size}', cancel: '取消', ok: '成立', refused: '不成立', okLong: '全部检查通过：该证据包可以离线证明下列内容。', refusedLong: '检查未通过：不能作为证据。', trustedBy: { own: '公钥取自您保存的信任文件', server: '公钥取自本服务器；要独立核对，请用事先保存的信任文件', bundle: '公钥取自证据包本身：只说明它前后一致', none: '证据包的密钥未能与所信任的公钥核对' },
    checks: '检查', outcome: { passed: '通过', failed: '未通过', absent: '无此项', unjudged: '未判定' }, derivation: '推导', steps: '{n} 步', stepsCut: '共 {n} 步，显示前 {shown} 步', tables: '所用标准', op: { field: '取原文字段', cell: '取文件单元格', time: '取数据时间', scale: '换算', round: '修约', mean: '平均', interpolate: '分段插值', max: '取最大', main: '首要因子', grade: '定级', class: '定类', below: '低于检出限，计为', limit: '限值', sum: '求和', difference: '求差', product: '求积', ratio: '求比', percentile: '百分位数', count: '计数', min: '取最小', level: '能量平均（10·lg）', ln: '自然对数', lg: '常用对数' }, cellAt: '{file}，第 {line} 行，{column} 列', unknownFile: '某文件', fromEntry: '条目 #{n}', fromSteps: '由 {list}', decimals: '{n} 位小数', result: '结果', standard: '标准', clause: '条款', validity: '有效期', onwards: '{from} 起', verified: { VERIFIED: '已与标准原文核对', THIRD_PARTY: '据第三方资料', INFERRED: '推断', UNVERIFIED: '未核实' }, subject: '证明对象', value: '数值', contains: '内含', entriesIn: '{n} 个条目', statementsIn: '{n} 份设备日清单', made: '生成于',
    check: {
      format: '格式正确，没有未检查的内容', keys: '密钥声明前后相接，出自所信任的密钥', checkpoint: '检查点由当时全部有效密钥签名', witnesses: '见证方共签有效并达到要求', timestamp: '时间戳有效', revocation: '密钥后来被吊销，但此前已有他方见证', inclusion: '条目在 SHA-256 树中', sm3: '条目在 SM3 树中', statements: '设备的条目一个不少', tables: '所用标准在数据时间有效', derivation: '每一步推导得出所写结果', figure: '数值就是推导的结果',
    },
    download: '下载证据包', command: '复制验证命令', trust: '下载 trust.txt', again: '重新取证', drop: '把证据包文件拖到这里，或点击选择', dropNote: '在本页内验证，不上传，断网也可以。', another: '换一个文件', trustSource: '信任的公钥', source: { own: '自己的信任文件', server: '本服务器给出的', bundle: '证据包自带的' }, ownTrust: '信任文件内容（保存在本浏览器）', ownEmpty: '还没有自己的信任文件：贴入 trust.txt 的内容。', tooLarge: '文件过大（上限 128 MiB）', notOffline: '取不到本服务器的公钥，改用证据包自带的。', picked: '选中的数值', pickHint: '点击过程线上的值可以出证', unproved: '不能成一个证据包：', noFigure: '没有可出证的数值',
  },
  statement: {
    title: '设备日清单', none: '该日还没有清单。日终之后生成，迟到的数据会使它更新。', entries: '该设备条目', range: '日志范围', rangeText: '#{from} – #{to}', sequence: '设备内序号', sequenceText: '{from} – {to}', nothing: '没有条目', chain: '序列链', before: '起', after: '止', revision: '第 {n} 版', recorded: '存证条目', expected: '应有 / 收到', series: '数据序列', gaps: '缺失', noGaps: '没有缺失。', gap: '{cn} · {n} 个时段', explained: '已说明', open: '未说明', explain: '说明缺失', explainTitle: '说明缺失 {mn}', from: '自', to: '至', explainNote: '说明写入存证日志，不可撤回。它不改变数据，只写明缺失的原因；清单的下一版会引用它。', explainSubmit: '提交说明', range0: '结束时间应晚于开始时间', by: '{name}：{reason}', pending: '已记录为条目 #{entry}，清单更新后引用。', exportDay: '导出当日证据包', whole: '全部数据序列', all: '显示全部 {n} 个', less: '只显示有缺失的', explanations: '说明',
  },
  system: {
    title: '系统', followers: '消费者', name: '名称', position: '位置', size: '日志大小', lag: '滞后条目', lagTime: '滞后时间', caughtUp: '已跟上', evidence: '存证日志', entries: '条目', segments: '分段', root: '根', checkpointAt: '检查点', healthy: '正常', failure: '故障', disk: '磁盘', evidenceBytes: '存证', telemetryBytes: '观测值', recordsBytes: '业务记录', free: '可用', total: '总量', other: '其他占用',
    gateway: '网关', address: '地址', connections: '连接', framesPerS: '帧/秒', bytesPerS: '流量', telemetry: '观测值库', values: '观测值', series: '序列', valuesPerS: '值/秒', settled: '已归档行', recent: '近期行', versions: '版本', server: '服务', started: '启动于', binding: '绑定', login: '登录', noLogin: '无；仅本机', memory: '内存', frames: '通讯包清单', all: '全部', emptyFrames: '没有这样的通讯包。', build: '版本与构建', behind: '落后', growth: '存证增长', toEvidence: '存证',
  },
  analysis: analysisZh,
  network: networkZh,
  progress: { left: '还需 {t}' },
  evaluation: evaluationZh,
  verification: verificationZh,
  standards: standardsZh,
  docs: { title: '接口文档', download: '下载 YAML', parameters: '参数', body: '请求体', answers: '应答', schemas: '数据结构', required: '必填', name: '名称', in: '位置', type: '类型', meaning: '含义', intro: '说明', values: '取值', contents: '目录' },
}
export type Messages = typeof zh
