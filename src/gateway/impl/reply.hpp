#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "mj/hj212/message.hpp"
#include "mj/hj212/protocol.hpp"
#include "mj/kernel/instant.hpp"

namespace mj::gateway {

/// What a request asked for, as far as replies are known by it.
struct Question {
  std::string qn;
  std::string cn;
  hj212::Course course = hj212::Course::none;
  std::optional<Instant> begin, end;  ///< BeginTime and EndTime: only data between them answer it
};

/// What a frame of the device says to the question; several at once are possible (QnRtn and ExeRtn in one frame).
struct Reply {
  std::optional<int> request_return;    ///< QnRtn 请求应答
  std::optional<int> execution_return;  ///< ExeRtn 执行结果
  bool notice_reply = false;            ///< 9013 通知应答
  bool data = false;                    ///< the response, or an upload that was asked for
};

/// None when the frame has nothing to do with the question. Tolerated as the field does it: QN inside the data area (2005), no QN
/// at all, the system code of the business instead of 91, keys in any case, any CN around QnRtn and ExeRtn. Uploads of
/// history have a QN of their own, so they are known by CN and time. Source: HJ 212-2017 §6.5, appendix C.47;
/// HJ/T 212-2005 as reported.
/// `accepted`: the device has taken the request up already.
[[nodiscard]] std::optional<Reply> read_reply(const Question& question, bool accepted, const hj212::Header& header,
                                              const std::vector<hj212::Field>& fields);

}  // namespace mj::gateway
