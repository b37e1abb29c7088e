"""An answer's content in a real JupyterLab: late parts come from the kernel, files from where they lie."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import OpenNotebook

SCHOLAR = """\
%%poebot scholar
PIXEL = ("data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4"
         "nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC")

async def get_response(request):
    yield "It costs $5 or $10. On day $d$ the tilt is\\n\\n$$\\\\delta = -23.44^\\\\circ "
    yield "\\\\cos\\\\frac{2\\\\pi}{365}(d + 10)$$\\n\\n"
    yield f"![A square]({PIXEL} =40x40)\\n\\n![Elsewhere](https://pictures.invalid/a.png)\\n\\n"
    yield "```python\\nx = 1  # coloured\\n```\\n\\n- [x] done\\n\\n<img src=x onerror=alert(1)>"
"""


def test_formulas_pictures_and_code_are_drawn_in_a_notebook(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SCHOLAR)
    asked: list[str] = []
    notebook.page.on("request", lambda request: asked.append(request.url))
    notebook.run(1)
    answer = notebook.chat(1).ask("Why?", "scholar")
    expect(answer.locator("math")).to_have_count(2)
    expect(answer.locator("math[display=block] mfrac")).to_be_visible()
    expect(answer).to_contain_text("It costs $5 or $10.")
    expect(answer.get_by_role("img", name="A square")).to_have_js_property("naturalWidth", 10)
    expect(answer.get_by_role("button", name="Load image from pictures.invalid")).to_be_visible()
    expect(answer.locator("pre .pb-c-comment")).to_have_text("# coloured")
    expect(answer.get_by_role("checkbox", name="done")).to_be_checked()
    expect(answer).to_contain_text("<img src=x onerror=alert(1)>")
    assert not any("pictures.invalid" in url for url in asked)


def test_a_picture_of_another_host_is_asked_for_where_the_chat_says_so(open_notebook: OpenNotebook) -> None:
    notebook = open_notebook(SCHOLAR, 'fp.Chat("scholar", load_images=True)')
    notebook.page.route("https://pictures.invalid/**", lambda route: route.fulfill(status=204))
    notebook.run(1)
    notebook.run(2)
    with notebook.page.expect_request("https://pictures.invalid/a.png") as asked:
        notebook.chat(2).ask("Why?", "scholar")
    assert "referer" not in asked.value.all_headers()
