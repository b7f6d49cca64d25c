#include "mj/http/router.hpp"

#include <exception>

#include <fmt/format.h>

#include "mj/runtime/log.hpp"

namespace mj::http {
namespace {

/// Takes the first segment off `path`, which begins with a slash.
std::string_view take_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path = slash == std::string_view::npos ? std::string_view() : path.substr(slash);
  return segment;
}

bool match(const Route& route, std::string_view path, std::map<std::string, std::string, std::less<>>& values) {
  values.clear();
  std::string_view pattern = route.path;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = take_segment(pattern);
    const bool all = route.rest && pattern.empty();
    const auto given = percent_decode(all ? path.substr(1) : take_segment(path));
    if (!given) return false;
    if (all) path = {};
    if (expected.starts_with('{')) {
      if (given->empty()) return false;
      values.emplace(expected.substr(1, expected.size() - 2), *given);
    } else if (*given != expected) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

std::string_view name(Method method) { return method == Method::post ? "POST" : "GET, HEAD"; }

}  // namespace

Router::Router(std::vector<Route> routes, Refusal refusal, std::string name, std::string hint)
    : routes_(std::move(routes)), refusal_(std::move(refusal)), name_(std::move(name)), hint_(std::move(hint)) {}

Answer Router::answer(const Request& request) const {
  const std::string_view target = request.target;
  const std::size_t question = target.find('?');
  const std::string_view path = target.substr(0, question);
  Call call;
  std::string allowed;
  for (const Route& route : routes_) {
    if (!path.starts_with('/') || !match(route, path, call.path)) continue;
    if (route.method != request.method) {
      allowed += fmt::format("{}{}", allowed.empty() ? "" : ", ", name(route.method));
      continue;
    }
    auto query =
        Query::parse(question == std::string_view::npos ? std::string_view() : target.substr(question + 1));
    if (!query) return refuse(refusal_, query.error());
    call.query = *std::move(query);
    call.request = &request;
    try {
      auto answer = route.handler(call);
      if (answer) return *std::move(answer);
      if (http_status(answer.error().code()) >= 500) {
        runtime::log(runtime::Level::warning, name_, "{} {}: {}", request.method_name, path,
                     answer.error().text());
      }
      return refuse(refusal_, answer.error());
    } catch (const std::exception& exception) {
      // A library threw where we expected none: the request fails, the server goes on.
      runtime::log(runtime::Level::error, name_, "{} {}: {}", request.method_name, path, exception.what());
      return refuse(refusal_, Error(ErrorCode::internal, "the server failed at this request; its log says why"));
    }
  }
  if (!allowed.empty()) {
    Answer answer = refusal_(405, "method_not_allowed",
                             fmt::format("{} is not possible here; use {}", request.method_name, allowed));
    answer.headers.push_back({"Allow", allowed});
    return answer;
  }
  return refuse(refusal_, Error(ErrorCode::not_found,
                                fmt::format("there is no {}{}{}", path, hint_.empty() ? "" : "; ", hint_)));
}

}  // namespace mj::http
