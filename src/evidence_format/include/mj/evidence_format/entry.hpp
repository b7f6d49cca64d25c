#pragma once

#include <cstdint>
#include <string_view>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::evidence_format {

/// What an entry of the log records. Numbers are part of the stored format and never change.
enum class EntryType : std::uint8_t {
  frame = 1,     ///< one HJ 212 frame as received 通讯包原文
  junk = 2,      ///< received bytes that are no frame 无法识别的字节
  decision = 3,  ///< an act of a person or an order of the system (JSON), e.g. acknowledging an alarm 人工处置
  sent = 4,      ///< one HJ 212 frame that we send, recorded before it leaves 下发通讯包原文
  event = 5,     ///< something the system noticed or did (JSON), e.g. a step of a conversation 系统事件
  key = 6,       ///< a statement about the keys of the log (signed note, key_ring.hpp) 密钥声明
  import = 7,    ///< bytes of a file or message that another department or a laboratory handed over 导入原文
  mark = 8,      ///< a mark on data (JSON) 数据标记
  configuration = 9,  ///< which standards, rules and registered points were in force from here on (JSON) 配置快照
};

/// One entry 存证条目 before or after encoding. Views: the caller keeps the bytes alive.
struct Entry {
  EntryType type = EntryType::frame;
  Instant received_at;           ///< our clock when the last byte had arrived
  std::uint64_t connection = 0;  ///< number of the connection since the log was created
  std::string_view peer;         ///< remote address "203.0.113.7:51044"
  std::string_view device;       ///< MN as received; empty when there is none
  BytesView payload;             ///< exactly the bytes received
};

/// Longest encoded entry: a C2SP entry bundle prefixes entries with a 16-bit length.
inline constexpr std::size_t kMaxEntryBytes = 65535;

/// Canonical encoding (docs/formats/evidence-log.md §Entry): the bytes that are hashed and stored.
/// Errors: invalid_input when peer or device exceed 255 bytes or the whole exceeds kMaxEntryBytes.
[[nodiscard]] Status encode(const Entry& entry, Bytes& out_appended);

/// Errors: damaged when the bytes are not a canonical encoding. The views point into `bytes`.
[[nodiscard]] Result<Entry> decode(BytesView bytes);

}  // namespace mj::evidence_format
