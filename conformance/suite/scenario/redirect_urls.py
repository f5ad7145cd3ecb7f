"""Checks of the redirect URLs that an instance allows."""

from ..check import Wrong, covers, equal, ids, nothing, rows

NO_URL = nothing("ru")


def allowed(c, number=0):
    made = c.admin.must("POST", "/redirect_urls", {"url": f"https://{c.admin.tag()}.example.com/{number}?a=b"})
    c.admin.made("/redirect_urls/" + made["id"])
    return made


@covers("ListRedirectURLs")
def list_redirect_urls(c):
    made = [allowed(c, number) for number in range(4)]
    with c.part("rows are redirect URLs"):
        got = c.call()
        equal(sorted(ids(got)), sorted(one["id"] for one in made), "ids")
        row = next(row for row in rows(got) if row["id"] == made[0]["id"])
        c.same(row, object="redirect_url", url=made[0]["url"])
    if c.can("limit"):
        with c.part("pages by limit and offset"):
            c.pages(ids(c.admin.get("/redirect_urls", limit=10)), 3)
    if c.can("paginated"):
        with c.part("envelope when asked for"):
            got = c.call(paginated=True, limit=3)
            equal((len(rows(got)), got["total_count"]), (3, 4), "rows and total_count")
    with c.part("wrong key"):
        c.wrong_key()


@covers("CreateRedirectURL")
def create_redirect_url(c):
    tag = c.admin.tag()

    def create(url):
        made = c.call(url=url)
        c.admin.made("/redirect_urls/" + made["id"])
        return made

    with c.part("of a site"):
        got = create(f"https://{tag}.example.com/back?a=b")
        c.same(got, object="redirect_url", url=f"https://{tag}.example.com/back?a=b")
        if not got["id"].startswith("ru_"):
            raise Wrong(f"id {got['id']!r}")
        c.same(c.admin.get("/redirect_urls/" + got["id"]), url=got["url"])
    with c.part("of an app"):
        c.same(create(f"{tag}-app://back"), url=f"{tag}-app://back")
    with c.part("allowed already"):
        c.refused((400, 422), None, url=allowed(c)["url"])
    with c.part("not a URL"):
        c.refused((400, 422), None, url="nowhere")
    with c.part("wrong key"):
        c.wrong_key(url=f"https://{tag}.example.com/no")


@covers("GetRedirectURL")
def get_redirect_url(c):
    made = allowed(c)
    with c.part("by id"):
        c.same(c.call(id=made["id"]), **{name: made[name] for name in (
            "id", "object", "url", "created_at", "updated_at")})
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", id=NO_URL)


@covers("DeleteRedirectURL")
def delete_redirect_url(c):
    made = allowed(c)
    with c.part("deletes"):
        c.same(c.call(id=made["id"]), object="redirect_url", id=made["id"], deleted=True)
        equal(c.admin.request("GET", "/redirect_urls/" + made["id"])[0], 404, "status afterwards")
    with c.part("unknown id"):
        c.refused(404, "resource_not_found", id=made["id"])
