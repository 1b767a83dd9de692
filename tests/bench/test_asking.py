"""What the benchmarks ask of the whole server it still answers: they are run too seldom to find out by themselves."""

from tests.bench.asking import ADA, PASSWORD, PROFILE, _posted, _request, _signed_up, cpu_per_question
from tests.bench.contenders import APP, PROGRAMS, running
from tests.bench.crowd import crowd
from tests.bench.events import ASK


def test_the_whole_server_answers_an_event_a_read_and_a_login() -> None:
    with running(PROGRAMS[APP], {"BENCH_PROFILE": PROFILE}) as server:
        token = _signed_up(server)
        with crowd(server.port) as people:
            people.connect(2, [token] * 2, join=False)
            people.forget()
            # An answer that is not the one that was asked for has no mark, and is waited for in vain.
            assert cpu_per_question(server, people, ASK, 4) > 0
        with crowd(server.port) as people:
            people.open_http(2)
            assert cpu_per_question(server, people, _request(token), 4) > 0
            people.forget()
            assert (
                cpu_per_question(server, people, _posted("/api/v1/auth/login", {"email": ADA, "password": PASSWORD}), 2)
                > 0
            )
