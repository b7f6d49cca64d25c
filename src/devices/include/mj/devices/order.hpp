#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mj/kernel/bytes.hpp"
#include "mj/kernel/id.hpp"
#include "mj/kernel/instant.hpp"
#include "mj/kernel/result.hpp"

namespace mj::devices {

/// Index of the decision that placed the order in the evidence log.
using OrderId = Id<struct OrderIdTag>;

/// What a host command 反控命令 shall do. Values may be `@now` (a time: the moment of sending) and `@key:ENTRY` (NewSK and
/// SKCreateTime of the key decision ENTRY): both are filled in when the frame is written, so that no key stands in clear in
/// the log and no time is stale.
struct OrderRequest {
  std::string device;  ///< MN; for 1002 the new one
  std::string cn;
  std::string st;  ///< system code of the request; empty: that of the device's newest frame
  std::vector<std::pair<std::string, std::string>> parameters;
  std::string name;                         ///< who orders it: a person, or "system"
  std::string reason;                       ///< why
  std::optional<std::uint64_t> cause;       ///< entry that an automatic order answers
  std::optional<std::uint64_t> connection;  ///< speak to this connection, whatever MN it has (1002)
  Instant expires_at;                       ///< not sent after this
};

enum class OrderState : std::uint8_t {
  queued,      ///< 待发: the device is offline or busy
  sent,        ///< 已下发: waiting for 9011 (or 9013)
  accepted,    ///< 已受理: 9011 QnRtn=1, waiting for data or 9012
  done,        ///< 成功: ExeRtn=1, or 9013
  no_data,     ///< 无数据: ExeRtn=100
  refused,     ///< 拒绝: QnRtn other than 1
  failed,      ///< 失败: another ExeRtn
  timed_out,   ///< 超时: no reply after all resends, or no result
  cancelled,   ///< 已取消 by a person
  expired,     ///< 过期: still queued at expires_at
  interrupted  ///< 中断: accepted, then the line or the server was lost; not sent again by itself
};
[[nodiscard]] std::string_view name(OrderState state);
[[nodiscard]] std::optional<OrderState> parse_order_state(std::string_view word);
[[nodiscard]] constexpr bool is_final(OrderState state) { return state >= OrderState::done; }

/// One step of a conversation 会话步骤. Recorded as an event entry by whoever makes it.
struct Step {
  OrderId order;
  OrderState state = OrderState::queued;  ///< after the step
  std::string what;  ///< "sent", "resent", "reply", "data", "result", "time-out", "line-lost", "cancelled" …
  std::string qn;    ///< of the request
  int attempt = 0;   ///< 1 = first sending
  std::optional<int> code;             ///< QnRtn or ExeRtn
  std::optional<std::uint64_t> entry;  ///< frame of the device that the step answers to
  bool frame_before = false;           ///< the entry just before this event is the frame sent
  std::string note;                    ///< in English, for what no field says
};

/// The JSON of docs/formats/decisions.md. Decoding gives none for other kinds.
[[nodiscard]] Result<std::string> encode(const OrderRequest& request);
[[nodiscard]] std::string encode_cancel(OrderId order, std::string_view name, std::string_view reason);
[[nodiscard]] std::string encode(const Step& step);
[[nodiscard]] std::optional<OrderRequest> decode_order(BytesView payload);
struct Cancel {
  OrderId order;
  std::string name, reason;
};
[[nodiscard]] std::optional<Cancel> decode_cancel(BytesView payload);
[[nodiscard]] std::optional<Step> decode_step(BytesView payload);

/// A step as it stands in the book.
struct RecordedStep {
  Step step;
  Instant at;
  std::uint64_t entry = 0;                   ///< of the event (or decision)
  std::optional<std::uint64_t> frame_entry;  ///< frame sent or received in it
};

/// An order with its conversation so far 命令会话.
struct Order {
  OrderId id;
  OrderRequest request;
  Instant placed_at;
  OrderState state = OrderState::queued;
  std::string qn;  ///< of the request once sent
  int attempts = 0;
  std::optional<int> code;  ///< last QnRtn or ExeRtn
  std::uint64_t data_frames = 0;
  Instant changed_at;
  std::vector<RecordedStep> steps;  ///< only when asked for one order
};

}  // namespace mj::devices
