using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Proxima.Dashboard.Web;

/// <summary>
/// Lets in who knows the token: from the header <c>Authorization: Bearer</c>, the cookie, or once from <c>?token=</c>, which sets the
/// cookie. Without a token only names of this machine are answered, so that a page of somebody else's cannot reach the server by a name of its own
/// (DNS rebinding).
/// </summary>
internal sealed class AccessCheck(string? token)
{
    private const string CookieName = "proxima_token";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.ContentSecurityPolicy = "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers["Referrer-Policy"] = "no-referrer";
        context.Response.Headers.CacheControl = "no-store";
        if (token is null)
        {
            await (IsThisMachine(context.Request.Host.Host) ? next(context) : Refuse(context, "The name of this server is not one of this machine's."));
            return;
        }

        if (context.Request.Query.TryGetValue("token", out var given) && IsToken(given))
        {
            context.Response.Cookies.Append(CookieName, token, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict });
            context.Response.Redirect(context.Request.Path);
            return;
        }

        await (IsToken(Bearer(context.Request)) || IsToken(context.Request.Cookies[CookieName])
            ? next(context)
            : Refuse(context, "A token is needed. Open the address with ?token= and the token behind it."));
    }

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static string? Bearer(HttpRequest request)
    {
        const string Scheme = "Bearer ";
        string header = request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.Ordinal) ? header[Scheme.Length..] : null;
    }

    private bool IsToken(string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(token!)));

    private static Task Refuse(HttpContext context, string why)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync(why);
    }
}
