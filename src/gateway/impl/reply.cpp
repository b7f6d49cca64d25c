#include "reply.hpp"

#include <charconv>

namespace mj::gateway {
namespace {

using hj212::Course;

bool same_word(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
    return lower(x) == lower(y);
  });
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// The request's number as it was sent, or the same moment as milliseconds since 1970, which some vendors write.
bool same_number(std::string_view given, std::string_view sent) {
  if (given == sent) return true;
  const auto at = parse_compact(sent);
  return at && fmt::format("{}", at->ms()) == given;
}

/// What of the data area matters to a conversation.
struct AreaWords {
  std::optional<std::string_view> qn, data_time;
  std::optional<int> request_return, execution_return;
};

AreaWords read_area(const std::vector<hj212::Field>& fields) {
  AreaWords words;
  for (const hj212::Field& field : fields) {
    if (!field.factor.empty()) continue;
    if (same_word(field.key, "QnRtn")) {
      words.request_return = number(field.value);
    } else if (same_word(field.key, "ExeRtn")) {
      words.execution_return = number(field.value);
    } else if (!words.qn && same_word(field.key, "QN")) {
      words.qn = field.value;
    } else if (!words.data_time && same_word(field.key, "DataTime")) {
      words.data_time = field.value;
    }
  }
  return words;
}

bool in_period(const Question& question, const AreaWords& words) {
  if (!question.begin || !question.end || !words.data_time) return true;
  const auto at = hj212::read_data_time(*words.data_time);
  return !at || (*at >= *question.begin && *at <= *question.end);
}

bool is_answer_data(const Question& question, bool accepted, const AreaWords& words,
                    const std::optional<std::string_view>& qn) {
  switch (question.course) {
    case Course::history: return in_period(question, words);
    // The same QN by the standard; another one only when the device has said that it will answer.
    case Course::response: return !qn || *qn == question.qn || accepted;
    case Course::none:
    case Course::execute:
    case Course::notice: return false;
  }
  return false;
}

}  // namespace

std::optional<Reply> read_reply(const Question& question, bool accepted, const hj212::Header& header,
                                const std::vector<hj212::Field>& fields) {
  const AreaWords words = read_area(fields);
  // In the 2005 form the QN of the request stands in the area, whatever the header has.
  const std::optional<std::string_view> qn = words.qn ? words.qn : header.qn;
  const bool ours =
      !qn || qn->empty() || same_number(*qn, question.qn) || (header.qn && same_number(*header.qn, question.qn));
  Reply reply;
  if (ours && (words.request_return || words.execution_return)) {
    reply.request_return = words.request_return;
    reply.execution_return = words.execution_return;
    return reply;
  }
  if (ours && header.cn == "9013") {
    reply.notice_reply = true;
    return reply;
  }
  if (header.cn == question.cn && is_answer_data(question, accepted, words, qn)) {
    reply.data = true;
    return reply;
  }
  return std::nullopt;
}

}  // namespace mj::gateway
